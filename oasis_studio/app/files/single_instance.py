"""One window for each person's folders: a second start hands its file to the first and ends."""

from __future__ import annotations

import hashlib
import json
import logging
from contextlib import suppress
from pathlib import Path

from PySide6.QtCore import QDeadlineTimer, QLockFile, QObject, QThread, Signal, Slot
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from oasis_studio.paths import home

log = logging.getLogger(__name__)

_PATIENCE_MS = 10_000
"""How long the first start may take until it listens, on a slow disk."""
_PAUSE_MS = 50
_LONGEST = 65_536
_ACKNOWLEDGED = b"opened\n"


class SingleInstance(QObject):
    """Different values of OASIS_STUDIO_HOME are different programs, which know nothing of each other."""

    asked = Signal(object)
    """Path of a file to open, or None: another start only wants to see the window."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        folder = home("settings")
        with suppress(OSError):  # without a place for a lock, the name of the server is all there is
            folder.mkdir(parents=True, exist_ok=True)
        self._name = "oasis-studio-" + hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:20]
        self._lock = QLockFile(str(folder / "instance.lock"))
        self._lock.setStaleLockTime(0)  # held as long as the window is open; the lock of a dead process is void
        self._server = QLocalServer(self)
        self._server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        self._server.newConnection.connect(self._greet)

    def claim(self) -> bool:
        """Be the one; False if another process is."""
        if not self._lock.tryLock(0):
            if self._lock.error() is QLockFile.LockError.LockFailedError:
                return False
            log.warning("there is no place for a lock in %s", home("settings"))
            if _connected(self._name, 0) is not None:
                return False
        QLocalServer.removeServer(self._name)  # of a program that crashed
        if not self._server.listen(self._name):
            log.warning("other starts cannot reach this window: %s", self._server.errorString())
        return True

    def hand_over(self, file: Path | None) -> bool:
        """Ask the other process to open ``file`` and come to the front; False if it does not answer."""
        socket = _connected(self._name, _PATIENCE_MS)
        if socket is None:
            return False
        socket.write(json.dumps({"file": str(file.resolve()) if file else None}).encode() + b"\n")
        socket.waitForBytesWritten(_PATIENCE_MS)
        is_answered = socket.waitForReadyRead(_PATIENCE_MS) and bytes(socket.readAll().data()) == _ACKNOWLEDGED
        socket.disconnectFromServer()
        return is_answered

    def release(self) -> None:
        """Let the next start be the one."""
        self._server.close()
        self._lock.unlock()

    @Slot()
    def _greet(self) -> None:
        while (socket := self._server.nextPendingConnection()) is not None:
            socket.disconnected.connect(socket.deleteLater)
            socket.readyRead.connect(self._read)
            if socket.canReadLine():
                self._answer(socket)

    @Slot()
    def _read(self) -> None:
        socket = self.sender()
        if isinstance(socket, QLocalSocket):
            self._answer(socket)

    def _answer(self, socket: QLocalSocket) -> None:
        if not socket.canReadLine():
            if socket.bytesAvailable() > _LONGEST:
                socket.abort()
            return
        try:
            name = json.loads(bytes(socket.readLine(_LONGEST).data()))["file"]
        except (ValueError, KeyError, TypeError):
            socket.abort()
            return
        socket.write(_ACKNOWLEDGED)
        socket.flush()
        self.asked.emit(Path(name) if isinstance(name, str) else None)


def _connected(name: str, patience_ms: int) -> QLocalSocket | None:
    """A connection to the process that listens there; one that has just started may need a moment."""
    deadline = QDeadlineTimer(patience_ms)
    while True:
        socket = QLocalSocket()
        socket.connectToServer(name)
        if socket.waitForConnected(max(_PAUSE_MS, deadline.remainingTime())):
            return socket
        if deadline.hasExpired():
            return None
        QThread.msleep(_PAUSE_MS)
