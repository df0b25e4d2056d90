/** What is this computer, and what encloses this program? */

import { sameSubnet } from '#discovery/index.ts';
import type { Commands } from '#machine/index.ts';
import { millis } from '#values/index.ts';
import { hostQuestions } from '../questions.ts';
import { confinementIn, markerFiles } from './confinement.ts';
import { found, type HostProbe, type ProbeContext } from './probe.ts';

const takes = millis(1500);

export const environment: HostProbe = {
  name: 'environment',
  ...hostQuestions['environment'],
  async run(context) {
    const { os } = context.environment;
    const enclosed = os === 'linux' ? confinementIn(await traces(context)) : undefined;
    return [found('host.os', os), ...(enclosed ? [found('host.confinement', enclosed)] : [])];
  },
};

async function traces({ commands, environment, world, target }: ProbeContext) {
  const [kernel, profile, cgroup, present, machine, way] = await Promise.all([
    output(commands, 'cat', '/proc/sys/kernel/osrelease'),
    output(commands, 'cat', '/proc/self/attr/current'),
    output(commands, 'cat', '/proc/1/cgroup'),
    commands.run('ls', ['-d', ...markerFiles], { timeout: takes }),
    machineName(commands),
    world.routes.to(target.address),
  ]);
  const link = world.routes.interfaces().find(({ address }) => address === way?.source);
  const listed = present?.out.split('\n').map((line) => line.trim());
  return {
    kernel,
    profile,
    cgroup,
    machine,
    markers: listed?.filter((line) => (markerFiles as readonly string[]).includes(line)),
    container: environment.variable('container'),
    wslDistro: environment.variable('WSL_DISTRO_NAME'),
    source: way?.source,
    boardOnLink: link !== undefined && !link.loopback && sameSubnet(link, target.address),
  };
}

async function output(commands: Commands, program: string, ...words: string[]): Promise<string | undefined> {
  const told = await commands.run(program, words, { timeout: takes });
  return told?.exit === 0 ? told.out.trim() : undefined;
}

/** systemd says `none` with exit code 1 on bare metal. */
async function machineName(commands: Commands): Promise<string | undefined> {
  const told = await commands.run('systemd-detect-virt', ['--vm'], { timeout: takes });
  const said = told?.out.trim();
  return said || output(commands, 'cat', '/sys/class/dmi/id/sys_vendor', '/sys/class/dmi/id/product_name');
}
