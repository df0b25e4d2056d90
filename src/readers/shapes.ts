/** Arguments by their shape: a password itself never leaves here. */
import type { FactValue } from '#values/facts.ts';

/** Form of a target address; undefined for one that was cut. Numbers may have been masked by the person. */
export function targetShape(target: string): FactValue<'args.target'> | undefined {
  const value = target.trim();
  if (value === '') return 'empty';
  if (/[{}]/.test(value)) return 'placeholder';
  if (/^(?:\d{1,3}|[xX*#]{1,3})(?:\.(?:\d{1,3}|[xX*#]{1,3})){3}$/.test(value)) return 'ipv4';
  if (/^(?:COM\d{1,3}|\\\\\.\\COM\d{1,3}|\/dev\/\S{1,80}|(?:cu|tty)\.\S{1,80}|tty(?:USB|ACM|S)\d{1,3})$/i.test(value))
    return 'serial-device';
  if (/^[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?:%\w{1,16})?$/i.test(value)) return 'ipv6';
  if (/^[\d.]+$/.test(value)) return undefined;
  if (/\.local\.?$/i.test(value)) return 'dot-local';
  return value.includes('.') ? 'domain-name' : 'bare-name';
}

/** Shape of a password; undefined when what stands there is an unfilled placeholder. */
export function authShape(password: string): FactValue<'args.auth-shape'> | undefined {
  if (password === '') return 'empty';
  if (/^\{[\w.]+\}$/.test(password)) return undefined;
  if (/^(.)\1+$/.test(password) || /^<.*>$|redacted|hidden/i.test(password)) return 'given';
  if (/\s-{1,2}[A-Za-z]/.test(password)) return 'has-flag';
  if (/\s/.test(password)) return 'has-space';
  if (/^[0-9a-f]{32}$/i.test(password)) return 'hex-32';
  if (/^[0-9a-f]{64}$/i.test(password)) return 'hex-64';
  return /[$&`"'\\|;<>()!*?#~%^[\]{}]/.test(password) ? 'has-shell-character' : 'plain';
}

/** What a file is, by its name alone. */
export function kindByName(path: string): FactValue<'image.kind'> | undefined {
  const name = /[^\\/]*$/.exec(path.trim().toLowerCase())![0];
  if (/(?:spiffs|littlefs|mklittlefs|fatfs|\bfs)\.bin$/.test(name)) return 'filesystem';
  if (/^(?:bootloader|boot_app0)\b.*\.bin$|\.bootloader\.bin$/.test(name)) return 'bootloader';
  if (/partitions?\.bin$/.test(name)) return 'partition-table';
  if (/(?:merged|factory)\.bin$/.test(name)) return 'merged';
  if (/\.elf$/.test(name)) return 'elf';
  if (/\.hex$/.test(name)) return 'hex';
  if (/\.uf2$/.test(name)) return 'uf2';
  if (/\.bin\.gz$/.test(name)) return 'gzip-app';
  if (/(?:\.ino|\.cpp|firmware|firmware\.ota|\.ino\.[\w-]{1,30})\.bin(?:\.signed)?$/.test(name)) return 'app';
  return undefined;
}
