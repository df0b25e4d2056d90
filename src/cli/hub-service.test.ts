import { describe, expect, it } from 'vitest';
import type { Files } from '#machine/index.ts';
import { type ServiceHost, serviceOfHub, unitText } from './hub-service.ts';

function scene(more: Partial<ServiceHost> = {}, exits: (words: string) => number = () => 0) {
  const kept = new Map<string, string>();
  const ran: string[] = [];
  const said: string[] = [];
  const files = {
    read: async (path: string) => (kept.has(path) ? new Uint8Array() : undefined),
    write: async (path: string, bytes: Uint8Array) => void kept.set(path, new TextDecoder().decode(bytes)),
    remove: async (path: string) => void kept.delete(path),
  } as unknown as Files;
  const host: ServiceHost = {
    os: 'linux',
    files,
    commands: {
      async run(program, words) {
        const line = [program, ...words].join(' ');
        ran.push(line);
        return { exit: exits(line), out: '', err: 'it said no' };
      },
    },
    variable: () => undefined,
    root: false,
    user: 'ann',
    home: '/home/ann',
    program: ['/usr/bin/node', '/opt/whyota/dist/whyota.mjs'],
    ...more,
  };
  const say = (line = ''): void => void said.push(line);
  const desk = { interactive: false, say, note: say };
  const run = (options: Record<string, unknown>) =>
    serviceOfHub(
      options,
      { desk, signal: new AbortController().signal } as unknown as Parameters<typeof serviceOfHub>[1],
      host,
    );
  return { host, kept, ran, said, run };
}

const ofUser = '/home/ann/.config/systemd/user/whyota-hub.service';

describe('the hub as a service', () => {
  it('is a unit of the user, shown, written and started', async () => {
    const { run, kept, ran, said } = scene();
    expect((await run({ install: true, listen: ':8090' })).exit).toBe(0);
    expect(kept.get(ofUser)).toContain('ExecStart=/usr/bin/node /opt/whyota/dist/whyota.mjs hub --listen :8090\n');
    expect(said.join('\n')).toContain('ExecStart=');
    expect(said.join('\n')).toContain('loginctl enable-linger ann');
    expect(ran.slice(1)).toEqual([
      'systemctl --user daemon-reload',
      'systemctl --user enable whyota-hub.service',
      'systemctl --user restart whyota-hub.service',
    ]);
  });

  it("is a unit of the system for root, run as the person behind sudo, with its data where the system's services keep theirs", async () => {
    const { run, kept } = scene({ root: true, variable: (name) => (name === 'SUDO_USER' ? 'ann' : undefined) });
    await run({ install: true });
    const unit = kept.get('/etc/systemd/system/whyota-hub.service');
    expect(unit).toContain('User=ann');
    expect(unit).toContain('--data /var/lib/whyota');
    expect(unit).toContain('WantedBy=multi-user.target');
    expect(unit).not.toContain('CAP_NET_BIND_SERVICE');
  });

  it('only shows what it would write with --dry-run', async () => {
    const { run, kept, said } = scene();
    await run({ install: true, dryRun: true });
    expect(kept.size).toBe(0);
    expect(said.join('\n')).toContain('[Service]');
  });

  it('leaves nothing of itself when it is taken away', async () => {
    const { run, kept, ran } = scene();
    await run({ install: true });
    expect((await run({ uninstall: true })).exit).toBe(0);
    expect(kept.size).toBe(0);
    expect(ran.slice(-2)).toEqual([
      'systemctl --user disable --now whyota-hub.service',
      'systemctl --user daemon-reload',
    ]);
  });

  it('says what stands in its way', async () => {
    expect((await scene({ os: 'macos' }).run({ install: true })).problem?.code).toBe('hub-no-systemd');
    expect((await scene({}, () => 1).run({ install: true })).problem?.code).toBe('hub-no-systemd');
    expect((await scene().run({ uninstall: true })).problem?.code).toBe('hub-not-installed');
    const { problem } = await scene({}, (line) => (line.includes('restart') ? 1 : 0)).run({ install: true });
    expect(problem).toMatchObject({ code: 'hub-service-refused', why: 'it said no' });
  });

  it('quotes words for systemd, so that none of them is read as a variable or a specifier', () => {
    const { host } = scene();
    const unit = unitText({ data: '/srv/my "hub" $HOME 100%' }, host);
    expect(unit).toContain('--data "/srv/my \\"hub\\" $$HOME 100%%"');
  });
});
