#!/bin/sh
# Makes a fresh network and mount namespace look like a device that is online, then runs "$@".
# A veth pair with global addresses and default routes of both families: with loopback alone browsers
# say "offline", and Chromium asks for AAAA only where a public IPv6 route exists. Nothing answers at
# the gateway, so addresses that the lab does not serve stay silent, as unused ones do.
set -e
PATH="$PATH:/usr/sbin:/sbin"
ip link set lo up
ip link add lan0 type veth peer name lan1
# No kernel-made addresses: each one that settles later is a network change to Chromium.
ip link set lan0 addrgenmode none
ip link set lan1 addrgenmode none
ip addr add 192.168.178.23/24 dev lan0
ip -6 addr add 2a02:8108:8ac0:1f2::23/64 dev lan0 nodad
ip link set lan0 up
ip link set lan1 up
ip route add default via 192.168.178.1 dev lan0
ip -6 route add default via 2a02:8108:8ac0:1f2::1 dev lan0
# Port 53, 80 and 443 without being root outside.
[ -w /proc/sys/net/ipv4/ip_unprivileged_port_start ] && echo 0 > /proc/sys/net/ipv4/ip_unprivileged_port_start
resolv=$(mktemp)
echo 'nameserver 127.0.0.1' > "$resolv"
mount --bind "$resolv" "$(readlink -f /etc/resolv.conf)"
rm -f "$resolv"
# A gateway that never answers is given a hardware address, so that unused addresses are silent, not "unreachable".
ip neigh replace 192.168.178.1 lladdr 02:00:00:00:00:01 dev lan0 nud permanent
ip -6 neigh replace 2a02:8108:8ac0:1f2::1 lladdr 02:00:00:00:00:01 dev lan0 nud permanent
n=0
until [ "$(cat /sys/class/net/lan0/operstate 2>/dev/null || echo up)" = up ] || [ $n -ge 50 ]; do n=$((n + 1)); sleep 0.02; done
exec "$@"
