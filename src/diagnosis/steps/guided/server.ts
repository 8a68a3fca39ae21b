import type { Step } from '../../../model/step';
import { lines } from './lines';

/** What only whoever runs the site can do. */
export const SERVER_STEPS: readonly Step[] = [
  {
    id: 'read-server-log',
    kind: 'guided',
    area: 'site',
    guideRows: [16],
    causes: ['server-crash', 'upload-limit', 'server-timeout', 'dev-server'],
    minutes: 8,
    risk: 0,
    asks: 'server-log',
    instructions: [
      {
        lines: lines('read-server-log', 'any', 3),
        commands: [
          'sudo tail -n 50 /var/log/nginx/error.log',
          'sudo tail -n 50 /var/log/apache2/error.log',
          'journalctl -u SERVICE --since "10 min ago"',
        ],
      },
    ],
  },
  {
    id: 'check-server-firewall',
    kind: 'guided',
    area: 'site',
    guideRows: [17],
    causes: ['server-block'],
    minutes: 10,
    risk: 0.1,
    instructions: [
      {
        lines: lines('check-server-firewall', 'any', 3),
        commands: ['sudo nft list ruleset', 'sudo iptables -S', 'sudo fail2ban-client status'],
      },
    ],
  },
  {
    id: 'watch-server-resources',
    kind: 'guided',
    area: 'site',
    guideRows: [18],
    causes: ['server-overload'],
    minutes: 10,
    risk: 0,
    instructions: [
      {
        lines: lines('watch-server-resources', 'any', 3),
        commands: ['ss -s', 'ss -ltn', 'nstat -az TcpExtListenOverflows TcpExtListenDrops', 'dmesg | grep -i "out of memory"'],
      },
    ],
  },
  {
    id: 'check-server-configuration',
    kind: 'guided',
    area: 'site',
    guideRows: [19],
    causes: [
      'server-timeout',
      'keep-alive-race',
      'server-certificate-binding',
      'tls-version-or-cipher',
      'http2-or-quic',
      'wrong-protocol-on-port',
      'oversized-headers',
    ],
    minutes: 20,
    risk: 0.2,
    instructions: [
      {
        lines: lines('check-server-configuration', 'any', 4),
        commands: [
          'openssl s_client -connect HOST:443 -servername HOST </dev/null',
          'curl -sv --http1.1 https://HOST/ -o /dev/null',
          'nginx -T | grep -E "timeout|http2|header_buffers|ssl_"',
        ],
      },
    ],
  },
  {
    id: 'check-application',
    kind: 'guided',
    area: 'site',
    guideRows: [20],
    causes: ['server-crash', 'unread-body', 'upload-limit'],
    minutes: 30,
    risk: 0.1,
    instructions: [{ lines: lines('check-application', 'any', 3), commands: ['curl -sv http://127.0.0.1:PORT/ -o /dev/null'] }],
  },
  {
    id: 'check-load-balancer',
    kind: 'guided',
    area: 'site',
    guideRows: [21],
    causes: ['load-balancer', 'keep-alive-race'],
    minutes: 15,
    risk: 0.1,
    instructions: [{ lines: lines('check-load-balancer', 'any', 3) }],
  },
  {
    id: 'check-api-gateway',
    kind: 'guided',
    area: 'site',
    guideRows: [22],
    causes: ['load-balancer', 'server-block', 'server-timeout'],
    minutes: 15,
    risk: 0.1,
    instructions: [{ lines: lines('check-api-gateway', 'any', 3) }],
  },
  {
    id: 'check-container-port',
    kind: 'guided',
    area: 'site',
    guideRows: [17],
    causes: ['container-port'],
    minutes: 8,
    risk: 0,
    instructions: [
      {
        lines: lines('check-container-port', 'any', 3),
        commands: ['docker ps --format "{{.Names}} {{.Ports}}"', 'docker exec CONTAINER ss -ltn'],
      },
    ],
  },
  {
    id: 'check-dev-server',
    kind: 'guided',
    area: 'site',
    guideRows: [20],
    causes: ['dev-server', 'wrong-protocol-on-port', 'server-certificate-binding'],
    minutes: 8,
    risk: 0,
    instructions: [{ lines: lines('check-dev-server', 'any', 3), commands: ['ss -ltnp', 'dotnet dev-certs https --trust'] }],
  },
];
