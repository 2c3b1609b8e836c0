# Freshly installed: no engine, no firewall program.
suite=bookworm hostname=debian12
