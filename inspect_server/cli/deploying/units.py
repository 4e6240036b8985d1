"""
The systemd units: server, jobs, and the weekly renewal of certificates.

Each runs as its own user, sees the whole file system read-only but its own folder below /var/lib,
and comes back by itself. `systemd-analyze security` rates them; a test holds the rating.
"""

from shlex import quote

FOLDER, CONFIG, SECRETS = "/var/lib/inspect", "/etc/inspect/inspect-server.toml", "/etc/inspect/env"
PROGRAM = "/opt/inspect/current/bin/inspect-server"
SERVER, JOBS = "inspect-server.service", "inspect-jobs.service"
RENEW, TIMER = "inspect-renew.service", "inspect-renew.timer"
BY_PROXY = "Environment=INSPECT_SECURE_COOKIES=true"
"""Behind nginx the program cannot know that everybody comes by HTTPS."""

HARDENED = f"""\
User=inspect
Group=inspect
Environment=INSPECT_CONFIG={CONFIG}
Environment=INSPECT_DATA_DIR={FOLDER}
EnvironmentFile=-{SECRETS}
WorkingDirectory={FOLDER}
StateDirectory=inspect
StateDirectoryMode=0700
UMask=0077
NoNewPrivileges=yes
ProtectSystem=strict
ProtectHome=yes
PrivateTmp=yes
PrivateDevices=yes
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectKernelLogs=yes
ProtectControlGroups=yes
ProtectClock=yes
ProtectHostname=yes
ProtectProc=invisible
RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX
RestrictNamespaces=yes
RestrictRealtime=yes
RestrictSUIDSGID=yes
RemoveIPC=yes
LockPersonality=yes
SystemCallArchitectures=native
SystemCallFilter=@system-service
SystemCallFilter=~@privileged @resources
SystemCallErrorNumber=EPERM
"""
NO_CAPABILITY = "CapabilityBoundingSet=\n"
LOW_PORTS = "CapabilityBoundingSet=CAP_NET_BIND_SERVICE\nAmbientCapabilities=CAP_NET_BIND_SERVICE\n"


def units(program: str, certificate: str = "", key: str = "") -> dict[str, str]:
    """
    Return the text of each unit by its file name.

    Args:
        program: The absolute path of `inspect-server`.
        certificate: With it the server speaks HTTPS itself, on port 443, and opens port 80 for
            phones that do not trust it yet; without it, it listens for a proxy on this machine.
        key: The certificate's.
    """
    said = "serve", "网页、接口和手机同步"
    if certificate:
        words = f"--host 0.0.0.0 --port 443 --http-port 80 --cert {quote(certificate)}"
        words += f" --key {quote(key)}"
        server = _service(f"{program} serve {words}", said[1], LOW_PORTS)
    else:
        server = _service(f"{program} serve", said[1], f"{BY_PROXY}\n{NO_CAPABILITY}")
    return {
        SERVER: server,
        JOBS: _service(f"{program} jobs", "定时任务", NO_CAPABILITY),
        RENEW: _renewal(program),
        TIMER: _TIMER,
    }


def _service(command: str, said: str, more: str) -> str:
    return f"""\
[Unit]
Description=执法检查系统：{said}
Wants=network-online.target
After=network-online.target postgresql.service

[Service]
ExecStart={command}
Restart=always
RestartSec=3
TimeoutStopSec=30
{HARDENED}{more}
[Install]
WantedBy=multi-user.target
"""


def _renewal(program: str) -> str:
    # nginx reads certificates when it is told to; the server by itself looks for new ones.
    return f"""\
[Unit]
Description=执法检查系统：续签服务器证书
ConditionPathExists={FOLDER}/keys/tls/root.key

[Service]
Type=oneshot
ExecStart={program} ca renew
ExecStartPost=-+/bin/systemctl try-reload-or-restart nginx.service
{HARDENED}{NO_CAPABILITY}"""


_TIMER = """\
[Unit]
Description=执法检查系统：每周检查服务器证书

[Timer]
OnCalendar=Mon 05:00
RandomizedDelaySec=10min
Persistent=yes

[Install]
WantedBy=timers.target
"""
