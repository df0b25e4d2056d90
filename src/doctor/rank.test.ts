import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Fact, type FactName, factSources, vocabulary } from '#values/facts.ts';
import { seeded } from '#values/index.ts';
import { diagnose } from './rank.ts';
import { factsFrom, scenarios } from './scenarios.fixture.ts';

const of = (words: string) => diagnose(factsFrom(words));
const ranking = (words: string) => of(words).causes.map(({ id }) => id);

describe('each cause is named first for the facts that show it', () => {
  it.each(scenarios)('%s', (id, facts) => expect(diagnose(facts).causes[0]?.id).toBe(id));
});

describe('with facts missing', () => {
  const random = seeded(20170917);
  const thinned = Array.from({ length: 4 }, () =>
    scenarios.map(([id, facts]) => ({ id, facts: facts.filter((_, at) => at < 2 || random() < 0.6) })),
  ).flat();
  const answers = thinned.map(({ id, facts }) => ({ id, causes: diagnose(facts).causes }));
  const share = (list: readonly unknown[], all: readonly unknown[]) => list.length / all.length;

  it('the right cause is still among the first three', () =>
    expect(
      share(
        answers.filter(({ id, causes }) => causes.slice(0, 3).some((each) => each.id === id)),
        answers,
      ),
    ).toBeGreaterThan(0.9));

  it('what is called certain is right', () =>
    expect(answers.filter(({ id, causes }) => causes[0]?.verdict === 'certain' && causes[0].id !== id)).toEqual([]));

  it('what is called likely is mostly right', () => {
    const likely = answers.filter(({ causes }) => causes[0]?.verdict === 'likely');
    expect(
      share(
        likely.filter(({ id, causes }) => causes[0]!.id === id),
        likely,
      ),
    ).toBeGreaterThan(0.85);
  });
});

describe('the confusable sets', () => {
  const silent8266 =
    'board.family=esp8266 running.core-version=2.3.0 attempt.tool-text=no-response-from-device net.ping=answered';
  const silent32 = 'board.family=esp32 attempt.tool-text=no-response-from-device net.ping=answered';
  const noAnswer = 'board.family=esp8266 running.core-version=2.7.4 attempt.tool-text=no-answer invite.reply=silence';
  const stalled = 'attempt.tool-text=error-uploading connectback.tcp=accepted';
  it.each([
    [
      'A',
      'img-8266-two-copies-dont-fit',
      `${silent8266} invite.again-after-ok=at-once connectback.largest-called=4096 image.size=300000`,
    ],
    [
      'A',
      'img-flash-size-declared-too-big',
      `${silent8266} invite.again-after-ok=at-once connectback.largest-called=0`,
    ],
    ['A', 'img-esp32-no-ota-slot', `${silent32} invite.again-after-ok=at-once connectback.largest-called=0`],
    [
      'A',
      'img-esp32-larger-than-slot',
      `${silent32} invite.again-after-ok=at-once connectback.largest-called=4096 image.size=1400000`,
    ],
    ['A', 'host-firewall-windows', `${silent8266} host.os=windows invite.again-after-ok=after-connect-timeout`],
    [
      'A',
      'host-firewall-linux',
      `${silent32} host.os=linux invite.again-after-ok=after-connect-timeout host.firewall.inbound=default-deny`,
    ],
    ['A', 'host-multihomed-source', `${silent32} invite.again-after-ok=after-connect-timeout net.source-address=vpn`],
    [
      'A',
      'net-routed-subnet',
      `${silent32} invite.again-after-ok=after-connect-timeout net.device-segment=routed-subnet`,
    ],
    [
      'A',
      'sk-cloud-reconnect-starves',
      `${silent8266} invite.again-after-ok=never running.server-link=down sketch.lint.blocking-cloud-loop=true`,
    ],
    ['A', 'sk-loop-blocked', `${silent8266} invite.again-after-ok=much-later sketch.lint.long-delay=true`],
    ['B', 'net-device-unreachable', `${noAnswer} net.arp=silent net.ping=silent`],
    ['B', 'sk-deep-sleep-window', `${noAnswer} net.ping=awake-windows`],
    ['B', 'net-client-isolation', `${noAnswer} net.arp=silent net.device-online=true net.from-elsewhere=reachable`],
    ['B', 'tool-wrong-ota-port', `${noAnswer} args.ota-port=8266 board.ota-port=8300 net.ping=answered`],
    [
      'B',
      'sk-no-ota-in-running-sketch',
      'board.family=esp32 attempt.stopped-in=invite invite.reply=port-unreachable net.ping=answered history.worked-before=once',
    ],
    [
      'B',
      'sk-begin-not-reached',
      'board.family=esp8266 attempt.stopped-in=invite invite.reply=port-unreachable net.ping=answered sketch.lint.ota-begin-after-blocker=true',
    ],
    ['B', 'sk-loop-blocked', `${noAnswer} net.ping=answered trial.right-after-reset=works`],
    ['B', 'auth-waitauth-sticky', `${noAnswer} net.ping=answered invite.pattern=alternates`],
    ['B', 'net-invite-datagram-lost', `${noAnswer} net.ping=lossy trial.at-once-again=works`],
    ['B', 'host-macos-local-network-privacy', 'host.os=macos attempt.stopped-in=invite invite.sent=no-route'],
    [
      'C',
      'auth-old-uploader-new-device',
      'board.family=esp32 attempt.tool-text=no-answer-to-authentication auth.nonce-length=64 tool.auth-schemes=md5',
    ],
    [
      'C',
      'auth-reply-lost',
      'board.family=esp8266 attempt.tool-text=no-answer-to-authentication auth.nonce-length=32 net.ping=lossy attempt.reproducible=sometimes',
    ],
    [
      'C',
      'sk-loop-blocked',
      'board.family=esp8266 running.core-version=2.7.4 attempt.tool-text=no-answer-to-authentication auth.result=no-reply net.ping=answered sketch.lint.long-delay=true',
    ],
    ['D', 'auth-wrong-password', 'attempt.tool-text=authentication-failed auth.result=refused auth.nonce-length=32'],
    [
      'D',
      'auth-sha256-migration',
      'board.family=esp32 attempt.tool-text=authentication-failed auth.result=refused auth.nonce-length=64 sketch.password-form=md5-hash',
    ],
    [
      'D',
      'auth-hash-format',
      'attempt.tool-text=authentication-failed auth.result=refused sketch.password-form=upper-case-hash',
    ],
    [
      'D',
      'tool-pio-flags-one-line',
      'tool.name=platformio attempt.tool-text=authentication-failed args.auth-shape=has-flag',
    ],
    ['E', 'net-weak-signal', `${stalled} transfer.end=stall transfer.stop-pattern=random net.ping=lossy`],
    ['E', 'dev-wifi-sleep', `${stalled} transfer.end=stall net.ping-pattern=saw-tooth`],
    [
      'E',
      'dev-ble-coexistence',
      `${stalled} board.family=esp32 transfer.end=stall transfer.ping=spikes sketch.lint.ble-active=true`,
    ],
    ['E', 'dev-isr-in-flash', `${stalled} transfer.end=reboot transfer.stopped-at=1 sketch.lint.isr-not-iram=true`],
    ['E', 'hw-power-sag', `${stalled} transfer.end=reboot serial.reset-reason=brownout`],
    [
      'E',
      'dev-serial-rx-load',
      `${stalled} transfer.end=stall transfer.stop-pattern=same-place sketch.lint.uart-device=true`,
    ],
    ['E', 'tool-timeout-too-short', `${stalled} transfer.end=stall transfer.stop-pattern=same-time`],
    ['E', 'dev-task-watchdog', `${stalled} board.family=esp32 transfer.end=reboot serial.reset-reason=task-watchdog`],
    ['E', 'dev-heap-exhausted', `${stalled} running.heap=low serial.crash=alloc-failed`],
    [
      'F',
      'host-firewall-windows',
      'host.os=windows board.family=esp8266 serial.first-error=connect attempt.tool-text=no-response-from-device',
    ],
    [
      'G',
      'tool-false-success',
      'board.family=esp8266 attempt.tool-text=success after.restart=none after.running-build=old verdict.reply=error',
    ],
    [
      'G',
      'tool-fs-flag-mixup',
      'attempt.tool-text=success after.running-build=old after.filesystem=lost args.command=filesystem image.kind=app',
    ],
    ['G', 'dev-rollback', 'board.family=esp32 attempt.tool-text=success after.running-build=new-then-old'],
    ['G', 'disc-hostname-collision', 'attempt.tool-text=success after.running-build=new-on-other-board'],
    [
      'H',
      'dev-not-reset-after-serial',
      'board.family=esp8266 attempt.tool-text=success after.restart=gone history.wire-since-power-on=true',
    ],
    [
      'H',
      'hw-gpio-strap-at-reset',
      'board.family=esp8266 attempt.tool-text=success after.restart=gone serial.boot-mode=1 history.wire-since-power-on=false',
    ],
    [
      'H',
      'img-flash-mode-mismatch',
      'board.family=esp8266 attempt.tool-text=success after.restart=gone image.flash-mode=qio running.flash-mode=dout',
    ],
    [
      'H',
      'dev-boot-copy-failed',
      'board.family=esp8266 attempt.tool-text=success after.restart=gone serial.eboot=copy-failed',
    ],
    ['H', 'dev-new-image-crashes', 'attempt.tool-text=success after.restart=cycles after.running-build=new'],
    ['I', 'disc-hostname-illegal-chars', 'discovery.listed=no discovery.raw-mdns=seen discovery.name-legal=false'],
    ['I', 'disc-host-blocks-mdns', 'discovery.listed=no discovery.raw-mdns=absent discovery.elsewhere=any-host'],
    [
      'I',
      'disc-router-filters-multicast',
      'discovery.listed=no discovery.raw-mdns=absent discovery.elsewhere=same-access-point-only',
    ],
    [
      'I',
      'disc-begin-before-wifi',
      'discovery.listed=no discovery.raw-mdns=absent discovery.elsewhere=nowhere sketch.lint.begin-before-wifi=true trial.by-address=works',
    ],
    [
      'J',
      'tool-ide2-nonempty-password',
      'tool.name=arduino-ide-2 attempt.stopped-in=prepare tool.asks-password=true invite.reply=ok',
    ],
    [
      'K',
      'img-esp32-no-ota-slot',
      'board.family=esp32 serial.first-error=begin attempt.stopped-in=connect-back build.app-slots=1',
    ],
    [
      'L',
      'dev-update-state-stuck',
      'attempt.reproducible=first-works-then-fails device.error=already-running attempt.stopped-in=verdict',
    ],
    [
      'M',
      'img-wrong-chip',
      'image.chip=esp32-s3 board.chip=esp32 attempt.stopped-in=verdict device.error=could-not-activate',
    ],
    ['M', 'img-merged-image', 'board.family=esp32 image.kind=merged device.error=magic attempt.stopped-in=verdict'],
    ['M', 'img-signature', 'board.family=esp8266 device.error=signature attempt.stopped-in=verdict'],
    ['M', 'img-md5-mismatch', 'device.error=md5 attempt.stopped-in=verdict image.intact=true'],
    ['N', 'tool-python-missing', 'attempt.tool-text=interpreter-not-found tool.interpreter=not-found'],
    ['N', 'tool-template-unexpanded', 'args.target=placeholder attempt.tool-text=invalid-value'],
    [
      'N',
      'tool-network-port-to-serial-uploader',
      'tool.program=esptool args.target=ipv4 attempt.tool-text=serial-port-error',
    ],
    ['N', 'host-listen-failed', 'listener.bind=in-use attempt.tool-text=listen-failed'],
    [
      'N',
      'disc-name-unresolvable',
      'args.target=dot-local attempt.tool-text=host-not-found discovery.name-resolves=no',
    ],
  ])('%s: %s', (_, id, words) => expect(ranking(words)[0]).toBe(id));
});

describe('whole reports', () => {
  it('a build server in a container', () =>
    expect(
      of(`attempt.tool-text=no-response-from-device attempt.stopped-in=connect-back attempt.reproducible=every-time
        host.os=linux host.confinement=container host.firewall.inbound=default-allow listener.bind=ok
        listener.from-peer=timed-out tool.name=whyota tool.method=espota args.target=ipv4 args.ota-port=3232
        net.source-address=virtual net.arp=not-on-link net.ping=answered net.ping-pattern=steady
        discovery.raw-mdns=absent invite.reply=auth invite.latency=41 auth.nonce-length=64 auth.result=accepted
        connectback.tcp=timed-out connectback.largest-called=0 invite.again-after-ok=after-connect-timeout
        board.family=esp32 image.kind=app image.size=982144 running.slot-size=1310720 fit.verdict=fits`).causes,
    ).toMatchObject([{ id: 'host-nat-vm-or-container', verdict: 'likely' }]));

  it('a relay board that goes quiet', () =>
    expect(
      of(`attempt.tool-text=success attempt.stopped-in=restart attempt.reproducible=every-time tool.name=platformio
        tool.method=espota transfer.end=completed transfer.stopped-at=100 verdict.reply=ok after.restart=gone
        board.family=esp8266 build.core-version=3.1.2 running.core-version=3.1.2 image.kind=app image.size=331264
        image.flash-mode=dout fit.verdict=fits serial.boot-mode=1 serial.reset-reason=software sketch.role=both
        sketch.lint.strap-pins=true history.wire-since-power-on=false trial.after-power-cycle=fails
        trial.boot-pins-free=works trial.other-supply=fails person.parts-on-boot-pins=true
        person.supply=mains-module`).causes,
    ).toMatchObject([{ id: 'hw-gpio-strap-at-reset', verdict: 'likely' }]));
});

describe('other ways than ArduinoOTA', () => {
  it('a web form runs out of room in the middle of the upload', () =>
    expect(
      of(`tool.method=http-form attempt.stopped-in=transfer device.error=not-enough-space board.family=esp8266
        image.size=300000 running.size=300000 build.fs-start=503808`).causes[0],
    ).toMatchObject({ id: 'img-8266-two-copies-dont-fit', verdict: 'certain' }));

  it('core 2.3.0 begins with a file larger than the whole area and fails at the first sector', () =>
    expect(
      of(`attempt.stopped-in=transfer transfer.stopped-at=0 device.error=flash-write board.family=esp8266
        running.core-version=2.3.0 image.size=600000 build.fs-start=503808`).causes[0]?.id,
    ).toBe('img-8266-two-copies-dont-fit'));
});

describe('a verdict', () => {
  it('is certain only with a proof that was seen', () => {
    expect(of('attempt.tool-text=listen-failed listener.bind=in-use').causes[0]).toMatchObject({ verdict: 'certain' });
    const guessed = factsFrom('attempt.tool-text=listen-failed listener.bind=in-use').map((each) => ({
      ...each,
      inferred: true as const,
    }));
    expect(diagnose(guessed).causes[0]?.verdict).not.toBe('certain');
  });

  it('spells out what it assumes', () =>
    expect(
      of('board.family=esp8266 image.size=253168 build.fs-start=503808 attempt.tool-text=no-response-from-device')
        .causes[0],
    ).toMatchObject({
      id: 'img-8266-two-copies-dont-fit',
      verdict: 'likely',
      assumption: 'assuming the running sketch is about as large as this one',
    }));

  it('is certain about the sum when the running size was seen', () =>
    expect(
      of(
        'board.family=esp8266 image.size=253168 running.size=253168 build.fs-start=503808 running.core-version=2.3.0 attempt.tool-text=no-response-from-device',
      ).causes[0],
    ).toMatchObject({
      id: 'img-8266-two-copies-dont-fit',
      verdict: 'certain',
    }));

  it('trusts a person less than a probe, and an inference less than both', () => {
    const chance = (change: Partial<Fact>) =>
      diagnose(
        factsFrom('attempt.stopped-in=transfer net.signal=weak transfer.end=stall').map(
          (each) => ({ ...each, ...change }) as Fact,
        ),
      ).causes.find(({ id }) => id === 'net-weak-signal')?.probability ?? 0;
    expect(chance({})).toBeGreaterThan(chance({ source: 'person' }));
    expect(chance({ source: 'person' })).toBeGreaterThan(chance({ inferred: true }));
  });
});

describe('without a failure', () => {
  it('nothing is wrong when the update was seen to arrive', () =>
    expect(
      of('attempt.tool-text=success after.restart=returns after.running-build=new net.ping=answered'),
    ).toMatchObject({ nothingWrong: true, causes: [] }));

  it('what did no harm is no failure once the update has arrived', () =>
    expect(
      of(`verdict.reply=ok after.restart=returns after.running-build=new transfer.end=completed net.ping=lossy
        discovery.raw-mdns=absent sketch.lint.long-delay=true host.firewall.inbound=default-deny`),
    ).toMatchObject({ nothingWrong: true }));

  it("it can't tell when nothing was seen at all", () => {
    expect(of('host.os=windows net.ping=answered')).toMatchObject({ causes: [], next: { do: [] } });
    expect(of('host.os=windows net.ping=answered').nothingWrong).toBeUndefined();
  });
});

describe('two faults', () => {
  const pairs: [string, string][] = [
    ['img-esp32-no-ota-slot', 'disc-hostname-illegal-chars'],
    ['dev-not-reset-after-serial', 'disc-host-blocks-mdns'],
    ['net-weak-signal', 'tool-ide166-ssh-path'],
    ['auth-wrong-password', 'hw-power-sag'],
    ['img-wrong-chip', 'disc-ide-stale-port'],
  ];
  const scenario = new Map(scenarios);
  it.each(pairs)('%s and %s are two answers', (a, b) => {
    const facts = [...scenario.get(a)!, ...scenario.get(b)!.filter(({ fact }) => !fact.startsWith('attempt.'))];
    expect(
      diagnose(facts)
        .causes.slice(0, 3)
        .map(({ id }) => id),
    ).toEqual(expect.arrayContaining([a, b]));
  });
});

it('never throws and gives probabilities, whatever the facts', () => {
  const any = fc.constantFrom(...(Object.keys(vocabulary) as FactName[])).chain((name) => {
    const shape = vocabulary[name];
    const value =
      shape.is === 'word'
        ? fc.constantFrom(...shape.words)
        : shape.is === 'flag'
          ? fc.boolean()
          : shape.is === 'number'
            ? fc.integer({ min: Math.max(shape.least, -1e9), max: Math.min(shape.most, 1e9) })
            : fc.string({ minLength: 1, maxLength: 120 });
    return fc.record({ fact: fc.constant(name), value, source: fc.constantFrom(...factSources) });
  });
  fc.assert(
    fc.property(fc.array(any, { maxLength: 40 }), (facts) => {
      const { causes } = diagnose(facts as Fact[]);
      for (const { probability } of causes) expect(probability).toBeGreaterThan(0);
      for (const { probability } of causes) expect(probability).toBeLessThanOrEqual(1);
    }),
    { numRuns: 60 },
  );
});
