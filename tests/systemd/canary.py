"""Listens where nobody may come, and says who came."""
import socket, sys, threading

for address in sys.argv[1:]:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    listener = socket.socket(family)
    listener.bind((address, 9))
    listener.listen(64)

    def serve(listener=listener, address=address):
        while True:
            listener.accept()
            print(f"hit {address}", flush=True)

    threading.Thread(target=serve).start()
print("listening", flush=True)
