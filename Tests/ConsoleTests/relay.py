"""A TCP relay between the browser and the node, which a test can cut or stall."""
import select
import socket
import threading


class Relay:
    """Listens on a free loopback port and passes bytes to `host:port`, both ways, until told otherwise."""

    def __init__(self, host, port):
        self._target = (host, port)
        self._open = threading.Event()
        self._open.set()
        self._flowing = threading.Event()
        self._flowing.set()
        self._pairs = set()
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def cut(self):
        """Closes every connection, and each new one at once."""
        self._open.clear()
        with self._lock:
            pairs = list(self._pairs)
        for pair in pairs:
            for end in pair:
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass  # The other side was faster.

    def stall(self):
        """Keeps every connection open and passes nothing: the outage that no reset announces."""
        self._flowing.clear()

    def mend(self):
        self._open.set()
        self._flowing.set()

    def close(self):
        self.mend()
        self.cut()
        self._listener.close()

    def _accept(self):
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        with client:
            if not self._open.is_set():
                return
            try:
                node = socket.create_connection(self._target, timeout=30)
            except OSError:
                return
            # That was for connecting; a node may take its time to read.
            node.settimeout(None)
            with node:
                pair = (client, node)
                with self._lock:
                    # It may have been cut since.
                    if not self._open.is_set():
                        return
                    self._pairs.add(pair)
                try:
                    self._pass(client, node)
                except OSError:
                    pass  # Cut, or one side left.
                finally:
                    with self._lock:
                        self._pairs.discard(pair)

    def _pass(self, client, node):
        while True:
            readable, _, _ = select.select([client, node], [], [])
            self._flowing.wait()
            for source in readable:
                data = source.recv(65536)
                if not data:
                    return
                (node if source is client else client).sendall(data)
