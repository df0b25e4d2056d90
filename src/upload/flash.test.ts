import { describe, expect, it } from 'vitest';
import { gzipFor, layoutOf } from '#firmware/index.ts';
import { makeLittleFs } from '#firmware/make.ts';
import { profileIds } from '#protocols/espota/index.ts';
import { md5Hex, Secret, seconds } from '#values/index.ts';
import {
  announcing,
  imageFor,
  limits,
  type Scene,
  scene,
  takesTheNextUpload,
  type UploadWish,
  upload,
} from './scene.fixture.ts';

const waits = { wait: true } as const;

describe('every generation of boards', () => {
  it.each(profileIds)('%s runs exactly the bytes that were sent, and is seen to be back', async (core) => {
    const house = await scene({ core });
    const file = imageFor(core);
    const { ending, said } = await upload(house, { ...waits, file });
    expect(ending.kind).toBe('back');
    expect(house.board.digest).toBe(md5Hex(file));
    expect(house.board.core).toBe(core);
    expect(said('acknowledged').at(-1)).toMatchObject({ bytes: file.length, total: file.length });
  });

  it.each(profileIds)('%s says itself what it runs, where its sketch announces that', async (core) => {
    const house = await scene({ core });
    const { ending } = await upload(house, { ...waits, announcements: announcing(house, { build: true }) });
    expect(ending).toEqual({ kind: 'confirmed', build: 'new' });
  });

  it.each(profileIds)('%s takes a file-system image, which lies where its file system is', async (core) => {
    const [family, version] = core.split('@');
    const layout = family === 'esp8266' ? { layout: '1M512' } : {};
    const house = await scene({ core, board: layout });
    const bytes = { esp8266: layoutOf('1M512', version)?.fsBytes, esp32: 0x160000, rp2040: 0x100000 }[family!]!;
    const file = makeLittleFs(Math.floor(bytes / 4096) * 4096);
    const { ending } = await upload(house, { ...waits, file, command: 'filesystem' });
    expect(ending.kind).toBe('back');
    expect(house.board.updates).toMatchObject([{ command: 'filesystem', md5: md5Hex(file) }]);
    expect(house.board.program?.build).toBe('old');
  });
});

describe('after the update', () => {
  it('a board that announces itself without a build is back, version unknown', async () => {
    const house = await scene();
    const announcements = announcing(house, { build: false });
    expect((await upload(house, { ...waits, announcements })).ending).toEqual({ kind: 'back' });
  });

  it('back comes after the board was away, not before', async () => {
    const house = await scene();
    const { said } = await upload(house, { ...waits });
    const [away] = said('went-away');
    const [back] = said('came-back');
    expect(away!.at).toBeLessThan(back!.at);
    expect(house.board.state).toBe('running');
  });

  it('what the old sketch still announces before it restarts proves nothing', async () => {
    const house = await scene();
    const { ending } = await upload(house, {
      ...waits,
      announcements(on, signal) {
        on.seen(undefined);
        announcing(house, { build: true })(on, signal);
      },
    });
    expect(ending).toEqual({ kind: 'confirmed', build: 'new' });
  });

  it('the same build once more is confirmed only when the board has been away', async () => {
    const house = await scene();
    const file = imageFor(house.core, { build: 'old' });
    const { ending, said } = await upload(house, {
      ...waits,
      file,
      knowledge: { family: 'esp8266', runningBuild: 'old' },
      announcements: announcing(house, { build: true }),
    });
    expect(ending).toEqual({ kind: 'confirmed', build: 'old' });
    expect(said('went-away')).toHaveLength(1);
    expect(house.board.digest).toBe(md5Hex(file));
  });

  it('a board that comes back with the old build has failed', async () => {
    const house = await scene();
    const { ending, code } = await upload(house, {
      ...waits,
      announcements: (on, signal) => void house.clock.sleep(seconds(12), 'mDNS', signal).then(() => on.seen('old')),
      world: noPing(house),
    });
    expect(ending.kind).toBe('failed');
    expect(code).toBe('dev-boot-copy-failed');
  });

  it('a board that does not come back is reported within the stated time', async () => {
    const house = await scene({ board: { bootTime: seconds(600) } });
    const { code, took } = await upload(house, { ...waits });
    expect(code).toBe('not-back');
    expect(took).toBeLessThan(limits.return + seconds(10));
  });

  it('an image that bricks the board, forced, is not back', async () => {
    const house = await scene();
    const file = new Uint8Array(50_000).fill(0x5a);
    file.set([0xe9, 1, 0, 0x40]);
    const { ending, code } = await upload(house, { ...waits, file, force: true, compress: false });
    expect(ending.kind).toBe('not-back');
    expect(code).toBe('not-back');
    expect(house.board.state).toBe('dead');
  });

  it('a board that loses power while its boot loader copies is not back', async () => {
    const file = imageFor('esp8266@3.1.2');
    const house = await scene({ board: { faults: { powerLossAfter: file.length + 30_000 } } });
    const { code } = await upload(house, { ...waits, file });
    expect(code).toBe('not-back');
    expect(house.board.whyDead).toBe('lost-power');
  });

  it('a new sketch that never gets to ArduinoOTA.begin() is not back', async () => {
    const house = await scene();
    const { ending } = await upload(house, {
      ...waits,
      watch(event) {
        if (event.kind !== 'went-away') return;
        house.board.powerOff();
        house.clock.after(seconds(4), 'the new sketch starts without OTA', () => house.place.power(true));
      },
    });
    expect(ending.kind).toBe('not-back');
  });

  it.each([3, 0.3])('a new sketch that crashes every %d s before ArduinoOTA.begin() is not back', async (time) => {
    const house = await scene();
    const { ending } = await upload(house, {
      ...waits,
      watch(event) {
        if (event.kind !== 'went-away') return;
        house.board.powerOff();
        const crash = (on: boolean): void => {
          house.place.power(on);
          house.clock.after(seconds(on ? time : 3), 'crash', () => crash(!on));
        };
        crash(true);
        house.clock.after(seconds(120), 'enough', () => {});
      },
      within: limits.return + seconds(10),
    });
    expect(ending.kind).toBe('not-back');
  });

  it('a host that cannot ping takes a port that was closed, and refuses no more, for a board that is back', async () => {
    const house = await scene({ board: { sketch: { startDelay: seconds(3) } } });
    await house.clock.runFor(seconds(5));
    const { ending } = await upload(house, { ...waits, world: noPing(house) });
    expect(ending.kind).toBe('back');
    expect(house.board.program?.build).toBe('new');
  });

  it('a host that cannot ping hears the board announce itself', async () => {
    const house = await scene();
    const announcements = announcing(house, { build: true });
    const { ending } = await upload(house, { ...waits, world: noPing(house), announcements });
    expect(ending).toEqual({ kind: 'confirmed', build: 'new' });
  });

  it('--no-wait ends with "stored"', async () => {
    const house = await scene();
    expect((await upload(house, { wait: false })).ending).toEqual({ kind: 'stored' });
  });
});

const noPing = ({ host }: Scene) => ({ ...host, ping: { ping: async () => undefined } });

describe('a lost verdict', () => {
  /** The board's OK and all that follows is lost, until it has restarted. */
  const lossy = ({ place, clock }: Scene): NonNullable<UploadWish['watch']> => {
    let lost = false;
    return ({ kind }) => {
      if (kind !== 'sent' || lost) return;
      lost = true;
      place.link().out = { loss: 1 };
      clock.after(seconds(2), 'link back', () => {
        place.link().out = {};
      });
    };
  };

  it('is made good by what the board announces when it is back', async () => {
    const house = await scene({ core: 'esp32@3.2.0' });
    const { ending, said } = await upload(house, {
      watch: lossy(house),
      attempts: 3,
      announcements: announcing(house, { build: true }),
    });
    expect(said('verdict')).toEqual([]);
    expect(said('connected')).toHaveLength(1);
    expect(ending).toEqual({ kind: 'confirmed', build: 'new' });
  });

  it('is followed by a second try where the board announces nothing', async () => {
    const house = await scene({ core: 'esp32@3.2.0' });
    const { ending, said } = await upload(house, { watch: lossy(house), attempts: 3 });
    expect(said('connected')).toHaveLength(2);
    expect(ending.kind).toBe('stored');
  });

  it('stays the word on the update, whatever the second try ends with', async () => {
    const house = await scene({ core: 'esp32@3.2.0' });
    const lose = lossy(house);
    const { code, said } = await upload(house, {
      attempts: 2,
      watch(event) {
        lose(event);
        if (event.kind === 'sent') house.host.firewall = { tcp: 'drop' };
      },
    });
    expect(said('accepted')).toHaveLength(2);
    expect(code).toBe('no-verdict');
    expect(house.board.updates).toHaveLength(1);
  });

  it("of the only try is nobody's success and nobody's failure", async () => {
    const house = await scene({ core: 'esp32@3.2.0' });
    const { code } = await upload(house, { watch: lossy(house) });
    expect(code).toBe('no-verdict');
    await house.clock.runFor(seconds(10));
    expect(house.board.program?.build).toBe('new');
  });
});

describe('a dry run', () => {
  it.each(profileIds)('of %s goes up to the call and leaves sketch, flash and board as they were', async (core) => {
    const house = await scene({ core });
    const before = md5Hex(house.board.flash.read(0, house.board.flash.size));
    const { ending, said } = await upload(house, { dryRun: true });
    expect(ending).toEqual({ kind: 'could-work' });
    expect([said('sent'), said('acknowledged')]).toEqual([[], []]);
    await house.clock.runFor(seconds(30));
    const { flash } = house.board;
    expect(house.board.updates).toEqual([]);
    expect(house.board.program?.build).toBe('old');
    expect(md5Hex(flash.read(0, flash.size))).toBe(before);
    await takesTheNextUpload(house);
  });

  it('with a password checks the password too', async () => {
    const password = new Secret('sesame');
    const house = await scene({ board: { sketch: { password } } });
    expect((await upload(house, { dryRun: true, password })).ending.kind).toBe('could-work');
    expect((await upload(house, { dryRun: true, password: new Secret('no') })).code).toBe('auth-wrong-password');
  });
});

describe('compressed', () => {
  it('a board that inflates runs exactly the plain image', async () => {
    const house = await scene({ core: 'esp8266@2.7.4' });
    const file = imageFor('esp8266@2.7.4', { bytes: 200_000 });
    const knowledge = { family: 'esp8266', core: '2.7.4', flashMode: 'dout' } as const;
    const { ending, plan } = await upload(house, { ...waits, file, knowledge });
    expect(plan.compressed).toBe(true);
    expect(plan.bytes.length).toBeLessThan(file.length);
    expect(ending.kind).toBe('back');
    expect(house.board.digest).toBe(md5Hex(file));
  });

  it('a file that is a gzip already is proved by the build inside it', async () => {
    const house = await scene({ core: 'esp8266@2.7.4' });
    const plain = imageFor('esp8266@2.7.4', { bytes: 200_000 });
    const { ending } = await upload(house, {
      ...waits,
      file: gzipFor(plain).bytes,
      announcements: announcing(house, { build: true }),
    });
    expect(ending).toEqual({ kind: 'confirmed', build: 'new' });
    expect(house.board.digest).toBe(md5Hex(plain));
  });
});

describe('tries', () => {
  it('after a reset the whole image is sent again', async () => {
    const house = await scene({ core: 'esp32@3.2.0' });
    let cut = false;
    const { ending, said } = await upload(house, {
      file: imageFor('esp32@3.2.0', { bytes: 400_000 }),
      attempts: 2,
      watch(event) {
        if (event.kind !== 'acknowledged' || event.bytes < 100_000 || cut) return;
        cut = true;
        house.board.reset();
      },
    });
    expect(cut).toBe(true);
    expect(ending.kind).toBe('stored');
    expect(said('connected')).toHaveLength(2);
  });

  it('are not spent on what will not change', async () => {
    const house = await scene({ board: { sketch: { password: new Secret('sesame') } } });
    const { said } = await upload(house, { attempts: 5, password: new Secret('no') });
    expect(said('authentication-refused')).toHaveLength(1);
  });

  it('are as many as wished for, and no more', async () => {
    const house = await scene({ board: { faults: { resetAfter: 40_000 } } });
    const { said, code } = await upload(house, { attempts: 4 });
    expect(code).toBe('transfer-broke-off');
    expect(said('connected')).toHaveLength(4);
  });
});
