/** Does a filter of this computer turn the board's call away? Read only; what to change is the person's to decide. */
import type { Address } from '#machine/index.ts';
import type { Fact } from '#values/facts.ts';
import { seconds } from '#values/index.ts';
import { hostQuestions } from '../../questions.ts';
import { found, type HostProbe, type ProbeContext, unable } from '../probe.ts';
import type { Call, Ports } from './filter.ts';
import { linuxInbound } from './linux.ts';
import { macosInbound, socketFilter } from './macos.ts';
import { windowsInbound, windowsQuestion } from './windows.ts';

/** Where the systems take ports from that nobody chose (Linux ip_local_port_range; IANA's range elsewhere). */
const freePorts = (os: string): Ports => (os === 'linux' ? { from: 32_768, to: 60_999 } : { from: 49_152, to: 65_535 });

export const firewall: HostProbe = {
  name: 'firewall',
  ...hostQuestions['firewall'],
  async run(context) {
    const { environment, world, target, hostPort } = context;
    const way = await world.routes.to(target.address);
    const ports = hostPort ? { from: hostPort, to: hostPort } : freePorts(environment.os);
    switch (environment.os) {
      case 'linux':
        return onLinux(context, { from: target.address, ports, link: way?.name });
      case 'windows':
        return onWindows(context, way?.source);
      case 'macos':
        return onMacos(context);
      default:
        return unable('how to ask the firewall of this system is not known');
    }
  },
};

async function onLinux({ commands }: ProbeContext, call: Call) {
  const answer = await linuxInbound(commands, call);
  return answer
    ? [found('host.firewall.inbound', answer.inbound, answer.inferred)]
    : unable('the rules of the firewall can only be read by root, or hang on more than the port');
}

async function onWindows({ commands }: ProbeContext, source: Address | undefined) {
  const told = await commands.run('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', windowsQuestion], {
    timeout: seconds(8),
  });
  const answer = told && windowsInbound(told.out, source);
  if (!answer) return unable('PowerShell did not say how Windows filters');
  const { category, inbound } = answer;
  const facts: Fact[] = [
    ...(category ? [found('host.network-category', category)] : []),
    ...(inbound ? [found('host.firewall.inbound', inbound)] : []),
  ];
  return facts;
}

async function onMacos({ commands }: ProbeContext) {
  const ask = async (program: string, ...words: string[]): Promise<string | undefined> =>
    (await commands.run(program, words, { timeout: seconds(2) }))?.out;
  // The shell's parent is this program.
  const path = (await ask('sh', '-c', 'ps -o comm= -p $PPID'))?.trim();
  const [state, blockAll, program] = await Promise.all([
    ask(socketFilter, '--getglobalstate'),
    ask(socketFilter, '--getblockall'),
    path ? ask(socketFilter, '--getappblocked', path) : undefined,
  ]);
  if (state === undefined) return unable('socketfilterfw did not answer');
  const inbound = macosInbound({ state, blockAll, program });
  return inbound
    ? [found('host.firewall.inbound', inbound)]
    : unable('macOS decides by the signature of the program, which this does not judge');
}
