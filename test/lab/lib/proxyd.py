"""A proxy for HTTPS: CONNECT, and nothing else. usage: proxyd.py ADDRESS PORT"""
import socket, sys, threading


def pump(source, target):
    try:
        while data := source.recv(65536):
            target.sendall(data)
    finally:
        target.shutdown(socket.SHUT_WR)


def serve(client):
    request = b""
    # a TLS handshake is answered as real proxies do: in plain text
    while request[:1] != b"\x16" and b"\r\n\r\n" not in request and (data := client.recv(65536)):
        request += data
    words = request.split(b"\r\n")[0].split()
    if len(words) != 3 or words[0] != b"CONNECT":
        client.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        return client.close()
    host, port = words[1].decode().rsplit(":", 1)
    server = socket.create_connection((host, int(port)), 5)
    client.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
    threading.Thread(target=pump, args=(server, client), daemon=True).start()
    pump(client, server)


with socket.create_server((sys.argv[1], int(sys.argv[2]))) as listener:
    while True:
        threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()
