/** What encloses this program, by the traces that each enclosure leaves on Linux. */
import type { FactValue } from '#values/facts.ts';

export interface Traces {
  /** /proc/sys/kernel/osrelease */
  readonly kernel?: string | undefined;
  /** /proc/self/attr/current: the AppArmor profile, which a program that we start inherits. */
  readonly profile?: string | undefined;
  /** /proc/1/cgroup */
  readonly cgroup?: string | undefined;
  /** Which of the marker files are there. */
  readonly markers?: readonly string[] | undefined;
  /** systemd-detect-virt --vm, or the name of the machine in its firmware tables. */
  readonly machine?: string | undefined;
  /** The variable that systemd, podman and flatpak set. */
  readonly container?: string | undefined;
  readonly wslDistro?: string | undefined;
  /** Address that packets to the board leave with, and whether the board is on that network. */
  readonly source?: string | undefined;
  readonly boardOnLink?: boolean | undefined;
}

export const markerFiles = ['/.flatpak-info', '/.dockerenv', '/run/.containerenv'] as const;

/** `none` only where the traces could be read; undefined where they don't decide. */
export function confinementIn(traces: Traces): FactValue<'host.confinement'> | undefined {
  const { kernel, profile, cgroup, markers, machine, container, wslDistro } = traces;
  if (markers?.includes('/.flatpak-info') || container === 'flatpak') return 'flatpak';
  // A profile in complain mode (classic snaps) holds nothing back.
  if (profile !== undefined && /^snap\.\S+ \(enforce\)/.test(profile)) return 'snap';
  if (wslDistro !== undefined || (kernel !== undefined && /microsoft/i.test(kernel))) return 'wsl';
  const boxed = markers?.some((marker) => marker !== '/.flatpak-info') || container !== undefined;
  if (boxed || (cgroup !== undefined && /\/(docker|lxc|kubepods|libpod)/.test(cgroup))) return 'container';
  if (kernel === undefined || machine === undefined) return undefined;
  return isVirtualMachine(machine) ? virtualNetwork(traces) : 'none';
}

const isVirtualMachine = (machine: string): boolean =>
  /\b(kvm|qemu|vmware|oracle|virtualbox|microsoft|virtual machine|xen|parallels|bhyve|apple virtualization)\b/i.test(
    machine,
  );

/** The networks that hypervisors make up for their guests: VirtualBox and QEMU 10.0.2.x, libvirt 192.168.122.x. */
function virtualNetwork({ source, boardOnLink }: Traces): FactValue<'host.confinement'> | undefined {
  if (source !== undefined && /^(10\.0\.2|192\.168\.122)\./.test(source)) return 'vm-nat';
  return boardOnLink ? 'vm-bridged' : undefined;
}
