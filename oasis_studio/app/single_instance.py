"""One window for each person's folders: a second start hands its file to the first and ends."""

from __future__ import annotations

import hashlib
import json
import logging
from pathlib import Path

from PySide6.QtCore import QLockFile, QObject, Signal, Slot
from PySide6.QtNetwork import QLocalServer, QLocalSocket

from oasis_studio.paths import home

log = logging.getLogger(__name__)

_PATIENCE_MS = 3_000
_LONGEST = 65_536
_ACKNOWLEDGED = b"opened\n"


class SingleInstance(QObject):
    """Different values of OASIS_STUDIO_HOME are different programs, which know nothing of each other."""

    asked = Signal(object)
    """Path of a file to open, or None: another start only wants to see the window."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        folder = home("settings")
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
            return False
        QLocalServer.removeServer(self._name)  # of a program that crashed
        if not self._server.listen(self._name):
            log.warning("other starts cannot reach this window: %s", self._server.errorString())
        return True

    def hand_over(self, file: Path | None) -> bool:
        """Ask the other process to open ``file`` and come to the front; False if it does not answer."""
        socket = QLocalSocket()
        socket.connectToServer(self._name)
        if not socket.waitForConnected(_PATIENCE_MS):
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
