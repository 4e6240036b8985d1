"""
The nginx site: TLS in front, whole requests behind, and limits by address.

The program trusts nothing that a proxy says: it looks neither at addresses nor at schemes, and
gunicorn believes X-Forwarded-Proto from this machine only.
"""

from inspect_server.domain.certificates import Names
from sync.protocol import CHUNK_BYTES, MAX_PUSH_BYTES

MIB = 1024 * 1024
BODY_MIB = max(CHUNK_BYTES, MAX_PUSH_BYTES) // MIB + 1
"""A part of a photo or a push is 1 MiB; the program itself tells what is larger by a little."""
REGISTRY_MIB = 33
"""A registry has at most 32 MiB, and what is told beside it."""

SITE = """\
# /etc/nginx/conf.d/inspect.conf
# 由 inspect-server deploy nginx 生成；改名称、证书后重新生成，再运行 nginx -t。
upstream inspect {
    server 127.0.0.1:@PORT@;
    keepalive 32;
    keepalive_timeout 1s;  # 短于服务的 2 秒，不用将断的连接
}

# 同一出口地址后可能有许多手机，限额按一个单位计。
limit_conn_zone $binary_remote_addr zone=inspect_open:10m;
limit_req_zone $binary_remote_addr zone=inspect_all:10m rate=50r/s;
limit_req_zone $binary_remote_addr zone=inspect_login:10m rate=2r/s;

server {
    listen 80;
    listen [::]:80;
    server_name @NAMES@;
    server_tokens off;
    limit_conn inspect_open 200;
    limit_conn_status 429;
    limit_req zone=inspect_all burst=400 nodelay;
    limit_req_status 429;
    proxy_http_version 1.1;
    proxy_set_header Host $http_host;
    proxy_set_header Connection "";
    proxy_set_header X-Forwarded-Proto $scheme;
    proxy_set_header X-Forwarded-For $remote_addr;
    proxy_set_header X-Forwarded-Host "";
    proxy_set_header Forwarded "";

    # 这里不认任何人：登录、数据一律不收，只转 GET、HEAD。
    proxy_set_header Cookie "";
    proxy_set_header Authorization "";
    proxy_hide_header Set-Cookie;
    proxy_hide_header Strict-Transport-Security;
    if ($request_method !~ ^(GET|HEAD)$) {
        return 405;
    }

    # 手机还不信任证书时，只能这样取得根证书；指纹须与管理员所给的核对。
    location ~ ^/phone/(trust|ca[.]crt|ca[.]mobileconfig)$ {
        proxy_pass http://inspect;
    }
    location / {
        return 308 https://$host$request_uri;
    }
}

server {
    listen 443 ssl http2;
    listen [::]:443 ssl http2;
    server_name @NAMES@;
    server_tokens off;

    ssl_certificate @CERT@;
    ssl_certificate_key @KEY@;
    ssl_protocols TLSv1.2 TLSv1.3;
    ssl_ciphers ECDHE+AESGCM:ECDHE+CHACHA20;
    ssl_session_cache shared:inspect_tls:10m;
    ssl_session_timeout 1d;
    ssl_session_tickets off;

    # 一秒收不到 8 KiB 的正文，服务本身会断开；这里先断十秒不动的。
    client_header_timeout 10s;
    client_body_timeout 10s;
    send_timeout 30s;
    client_max_body_size @BODY@m;
    client_body_buffer_size 1m;

    limit_conn inspect_open 200;
    limit_conn_status 429;
    limit_req zone=inspect_all burst=400 nodelay;
    limit_req_status 429;

    # 正文收齐才交给服务；内容一律不改动，压缩由服务做，手机逐字节核对。
    gzip off;
    proxy_request_buffering on;
    proxy_http_version 1.1;
    proxy_connect_timeout 5s;
    proxy_send_timeout 60s;
    proxy_read_timeout 300s;
    proxy_set_header Host $http_host;
    proxy_set_header Connection "";
    proxy_set_header X-Forwarded-Proto $scheme;
    proxy_set_header X-Forwarded-For $remote_addr;
    proxy_set_header X-Forwarded-Host "";
    proxy_set_header Forwarded "";

    # 手机按 Retry-After 稍后再传，未送达的留在手机上。
    error_page 429 = @later;
    error_page 502 504 = @stopped;

    location / {
        proxy_pass http://inspect;
    }
    location /api/v1/ {
        client_max_body_size @REGISTRY@m;
        proxy_pass http://inspect;
    }
    location ~ ^/(login|sync/v1/nonce|sync/v1/replicas)$ {
        limit_req zone=inspect_all burst=400 nodelay;
        limit_req zone=inspect_login burst=120 nodelay;
        proxy_pass http://inspect;
    }
    location @later {
        internal;
        add_header Retry-After 5 always;
        return 429;
    }
    location @stopped {
        internal;
        add_header Retry-After 10 always;
        return 503;
    }
}
"""


def site(names: Names, certificate: str, key: str, port: int) -> str:
    """
    Return the site's text.

    Args:
        names: Under which phones reach it.
        certificate: Path of the certificate file; its intermediates, if any, behind it.
        key: Path of its key file.
        port: Where the program listens on this machine.
    """
    values = {
        "NAMES": " ".join(f"[{name}]" if ":" in name else name for name in names),
        "CERT": _quoted(certificate),
        "KEY": _quoted(key),
        "PORT": str(port),
        "BODY": str(BODY_MIB),
        "REGISTRY": str(REGISTRY_MIB),
    }
    text = SITE
    for name, value in values.items():
        text = text.replace(f"@{name}@", value)
    return text


def _quoted(path: str) -> str:
    escaped = path.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
