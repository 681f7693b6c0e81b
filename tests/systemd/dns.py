"""A name server that knows one address for everything. usage: dns.py LISTEN ANSWER"""
import socket, sys

listener = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
listener.bind((sys.argv[1], 53))
while True:
    question, peer = listener.recvfrom(512)
    end = question.index(0, 12) + 5
    wanted = question[end - 4:end - 2] == b"\0\1"
    answer = b"\xc0\x0c\0\1\0\1\0\0\0\x05\0\4" + socket.inet_aton(sys.argv[2]) if wanted else b""
    listener.sendto(question[:2] + b"\x81\x80\0\1\0" + bytes([wanted]) + bytes(4) + question[12:end] + answer, peer)
