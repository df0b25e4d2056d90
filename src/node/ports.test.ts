import { seeded } from '#values/index.ts';
import { virtualClock, virtualNetwork } from '#virtual/index.ts';
import { clock, settle, tcp, udp } from './index.ts';
import { portsContract } from './ports.fixture.ts';

portsContract('real', () => ({
  udp,
  tcp,
  run: (work) => work,
  pass: (time) => clock.sleep(time, 'test'),
}));

portsContract('virtual', () => {
  const time = virtualClock({ settle });
  const host = virtualNetwork({ clock: time, random: seeded(1) }).host({
    name: 'host',
    interfaces: [{ address: '10.0.0.1' }],
  });
  return { udp: host.udp, tcp: host.tcp, run: (work) => time.run(work), pass: (span) => time.runFor(span) };
});
