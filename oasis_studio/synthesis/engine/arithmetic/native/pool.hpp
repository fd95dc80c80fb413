// Threads that sleep until there is work. OpenMP is not used: PyTorch brings a runtime of its own, and two of them in
// one process take each other's processors.
#pragma once

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>
#include <vector>

namespace oasis {

class Pool {
public:
    // Never taken down: its threads sleep until the process ends.
    static Pool& shared() {
        static Pool* pool = new Pool;
        return *pool;
    }

    // piece(0) … piece(count − 1), in any order, on at most `threads` threads of which the caller is one.
    template <class Piece>
    void run(int64_t threads, int64_t count, const Piece& piece) {
        std::unique_lock<std::mutex> turn(callers_, std::try_to_lock);
        if (threads < 2 || count < 2 || !turn.owns_lock()) {  // somebody else's work is no reason to wait
            for (int64_t i = 0; i < count; ++i) piece(i);
            return;
        }
        hire(std::min(threads, count) - 1);
        Job job{[](const void* data, int64_t i) { (*static_cast<const Piece*>(data))(i); }, &piece, count};
        {
            std::lock_guard<std::mutex> lock(mutex_);
            job_ = &job;
        }
        wake_.notify_all();
        job.work();
        std::unique_lock<std::mutex> lock(mutex_);
        job_ = nullptr;  // who wakes only now finds nothing to do
        left_.wait(lock, [this] { return inside_ == 0; });
    }

private:
    struct Job {
        void (*call)(const void*, int64_t);
        const void* data;
        int64_t count;
        std::atomic<int64_t> next{0};

        Job(void (*c)(const void*, int64_t), const void* d, int64_t n) : call(c), data(d), count(n) {}
        void work() {
            for (int64_t i; (i = next.fetch_add(1)) < count;) call(data, i);
        }
        bool is_open() const { return next.load() < count; }
    };

    void hire(int64_t wanted) {
        while (static_cast<int64_t>(threads_) < wanted) {
            std::thread([this] { stay(); }).detach();
            ++threads_;
        }
    }

    void stay() {
        std::unique_lock<std::mutex> lock(mutex_);
        for (;;) {
            wake_.wait(lock, [this] { return job_ != nullptr && job_->is_open(); });
            Job* job = job_;
            ++inside_;
            lock.unlock();
            job->work();
            lock.lock();
            if (--inside_ == 0) left_.notify_one();
        }
    }

    std::mutex callers_, mutex_;
    std::condition_variable wake_, left_;
    Job* job_ = nullptr;
    int64_t threads_ = 0, inside_ = 0;
};

// Rows [first, end) in pieces; less than `worth` bytes are not worth a second thread.
template <class Rows>
void over_rows(int64_t threads, int64_t rows, int64_t row_bytes, const Rows& work) {
    const int64_t worth = 64 << 10;
    const int64_t least = std::max<int64_t>(1, worth / std::max<int64_t>(1, row_bytes));
    const int64_t step = std::max(least, (rows + 4 * threads - 1) / (4 * threads));
    Pool::shared().run(threads, (rows + step - 1) / step, [&](int64_t i) {
        work(i * step, std::min(rows, (i + 1) * step));
    });
}

}  // namespace oasis
