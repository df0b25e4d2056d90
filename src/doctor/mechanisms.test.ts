// What an observation means depends on who made it and on what else is known.
import { describe, expect, it } from 'vitest';
import type { Fact } from '#values/facts.ts';
import { diagnose } from './index.ts';
import { factsFrom } from './scenarios.fixture.ts';

const of = (words: string) => diagnose(factsFrom(words));
const chanceOf = (words: string, id: string): number =>
  of(words).causes.find((cause) => cause.id === id)?.probability ?? 0;

const unanswered =
  'attempt.stopped-in=invite invite.reply=silence net.ping=answered net.device-segment=same board.family=esp32';

describe('an invitation that nobody answers', () => {
  it('is no closed port where WhyOTA would have heard of one', () => {
    const id = 'sk-no-ota-in-running-sketch';
    expect(chanceOf(`${unanswered} tool.name=whyota`, id)).toBeLessThan(
      chanceOf(`${unanswered} tool.name=command-line`, id) / 3,
    );
  });

  it('is a loop that stands still, when the port is open', () =>
    expect(of(`${unanswered} tool.name=whyota`).causes[0]?.id).toMatch(/^sk-(loop|cloud)/));

  it('is no single lost datagram where it was repeated', () =>
    expect(chanceOf(`${unanswered} tool.name=whyota`, 'net-invite-datagram-lost')).toBeLessThan(0.03));
});

describe('a call back that does not come', () => {
  const call =
    'attempt.stopped-in=connect-back invite.reply=ok connectback.tcp=timed-out invite.again-after-ok=after-connect-timeout';

  it('goes to the VPN through which the invitation left, not to the router behind it', () =>
    expect(
      of(`${call} net.device-segment=routed-subnet net.arp=not-on-link net.source-address=vpn`).causes[0]?.id,
    ).toBe('host-multihomed-source'));
});

describe('what the file shows', () => {
  it('is certain when the board is of another family', () =>
    expect(
      of('attempt.stopped-in=restart after.restart=gone verdict.reply=ok image.chip=esp32 board.family=esp8266')
        .causes[0],
    ).toMatchObject({ id: 'img-wrong-chip', verdict: 'certain' }));

  it('is no matter of size where the layout has no place for an update', () =>
    expect(
      of('attempt.stopped-in=prepare tool.name=whyota board.family=esp32 image.size=90000 running.slot-size=0')
        .causes[0],
    ).toMatchObject({ id: 'img-esp32-no-ota-slot', verdict: 'certain' }));

  it('is a file system too big, not a sketch, when that was sent', () =>
    expect(
      of(
        'attempt.stopped-in=authenticate device.error=not-enough-space args.command=filesystem image.kind=filesystem board.family=esp8266',
      ).causes[0],
    ).toMatchObject({ id: 'img-fs-image-too-big', verdict: 'certain' }));
});

describe('behind the first cause', () => {
  it('waits a grave mistake of the sketch', () => {
    const { causes } = of(
      'attempt.stopped-in=invite invite.reply=silence net.arp=silent net.ping=silent sketch.lint.handle-missing=true',
    );
    expect(causes[0]?.id).toBe('net-device-unreachable');
    expect(causes.slice(1, 3)).toContainEqual(
      expect.objectContaining({ id: 'sk-handle-missing-or-once', besides: true, verdict: 'possible' }),
    );
  });

  it('waits nothing where the sketch is in order', () => {
    const { causes } = of(
      'attempt.stopped-in=invite invite.reply=silence net.arp=silent net.ping=silent sketch.lint.handle-missing=false',
    );
    expect(causes.filter(({ besides }) => besides)).toEqual([]);
  });
});

it('a sum of exact terms takes the place of a guess', () => {
  const guessed: Fact = { fact: 'fit.verdict', value: 'too-big', source: 'build', inferred: true };
  const exact = factsFrom('board.family=esp8266 image.size=200000 running.size=200000 build.fs-start=503808');
  expect(diagnose([guessed, ...exact]).facts.find(({ fact }) => fact === 'fit.verdict')).toMatchObject({
    value: 'fits',
  });
});

describe('what looks the same from outside', () => {
  const silent = 'attempt.stopped-in=invite invite.reply=silence net.ping=silent discovery.raw-mdns=absent';

  it.each(['net-softap-only', 'net-client-isolation'])('%s: nothing is heard of the board either', (id) =>
    expect(chanceOf(`${silent} net.arp=silent`, id)).toBeGreaterThan(0.03),
  );

  it('a router that translates addresses may stand where another network is seen', () =>
    expect(
      chanceOf(
        'attempt.stopped-in=connect-back invite.reply=ok net.device-segment=routed-subnet net.arp=not-on-link net.ping=answered',
        'net-nat-between',
      ),
    ).toBeGreaterThan(0.03));

  it('a poor link loses the last answer too', () =>
    expect(
      chanceOf(
        'attempt.stopped-in=verdict transfer.end=completed verdict.reply=none net.ping=lossy',
        'net-weak-signal',
      ),
    ).toBeGreaterThan(0.2));
});

describe('of a password', () => {
  it('the command line tells what was given, whatever the sketch has', () =>
    expect(
      of(`attempt.tool-text=usage-error attempt.stopped-in=prepare args.auth-shape=has-space
        sketch.password-form=plain sketch.lint.password-shell-chars=false`).causes[0]?.id,
    ).toBe('tool-password-not-quoted'));
});

describe('a second cause', () => {
  const tooBig =
    'board.family=esp8266 attempt.stopped-in=connect-back connectback.tcp=timed-out invite.again-after-ok=at-once fit.verdict=too-big';

  it.each([
    ['host-firewall-windows', 'host.os=windows host.firewall.inbound=default-deny trial.firewall-off=fails'],
    ['net-weak-signal', 'net.ping=lossy'],
  ])('%s waits behind what ended the attempt', (id, facts) =>
    expect(
      of(`${tooBig} ${facts}`)
        .causes.slice(0, 3)
        .map((cause) => cause.id),
    ).toContain(id),
  );
});
