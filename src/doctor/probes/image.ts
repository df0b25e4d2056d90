/** What a firmware file shows, as facts. */
import { type Application, type Identified, identify, type Plain, type WrongKind } from '#firmware/index.ts';
import { chips, type Fact, type FactName, type FactValue, fact } from '#values/facts.ts';
import { text } from '#values/index.ts';

const shown = <N extends FactName>(name: N, value: FactValue<N>): Fact => fact(name, value, 'image') as Fact;

/** `asSent`: the bytes that travel, where they are at hand. */
export function factsOfImage(file: Uint8Array | Identified, asSent?: Uint8Array): Fact[] {
  const image = file instanceof Uint8Array ? identify(file) : file;
  const bytes = asSent ?? (file instanceof Uint8Array ? file : undefined);
  const inside: Plain = image.kind === 'gzip' ? image.inside : image;
  return [
    shown('image.kind', kindOf(image, inside)),
    shown('image.size', bytes?.length ?? image.bytes),
    ...intact(inside),
    ...header(inside),
    ...(isApplication(inside) && !('signature' in image && image.signature) && !inside.signature
      ? [shown('image.signature', 'absent')]
      : []),
    ...(bytes && isApplication(image) && holdsOta(bytes) ? [shown('image.has-ota', true)] : []),
  ];
}

const isApplication = (image: Identified): image is Application =>
  image.kind === 'esp8266-app' || image.kind === 'esp32-app' || image.kind === 'rp2040-app';

const wrongKinds: Readonly<Partial<Record<WrongKind, FactValue<'image.kind'>>>> = {
  empty: 'empty',
  blank: 'erased',
  elf: 'elf',
  'intel-hex': 'hex',
  's-record': 'hex',
  uf2: 'uf2',
  html: 'web-page',
  'partition-table': 'partition-table',
  bootloader: 'bootloader',
  'merged-image': 'merged',
  'flash-dump': 'merged',
  truncated: 'app',
  damaged: 'app',
};

function kindOf(image: Identified, inside: Plain): FactValue<'image.kind'> {
  if (inside.kind === 'wrong') return wrongKinds[inside.is] ?? 'unrecognised';
  if (inside.kind === 'filesystem') return 'filesystem';
  return image.kind === 'gzip' ? 'gzip-app' : 'app';
}

function intact(inside: Plain): Fact[] {
  if (isApplication(inside)) return [shown('image.intact', true)];
  const broken = inside.kind === 'wrong' && (inside.is === 'truncated' || inside.is === 'damaged');
  return broken ? [shown('image.intact', false)] : [];
}

const modes = ['qio', 'qout', 'dio', 'dout'] as const;

function header(inside: Plain): Fact[] {
  const name = inside.kind === 'esp8266-app' ? 'esp8266' : 'chip' in inside ? inside.chip : chipOf(inside);
  const chip = chips.find((one) => one === name);
  if (inside.kind !== 'esp8266-app' && inside.kind !== 'esp32-app') return chip ? [shown('image.chip', chip)] : [];
  const { flashBytes, flashMode } = inside.image;
  const mode = modes.find((one) => one === flashMode);
  return [
    ...(chip ? [shown('image.chip', chip)] : []),
    ...(flashBytes === undefined ? [] : [shown('image.flash-declared', flashBytes)]),
    ...(mode ? [shown('image.flash-mode', mode)] : []),
  ];
}

const chipOf = (inside: Plain): string | undefined =>
  inside.kind === 'esp32-app' || inside.kind === 'rp2040-app' ? inside.image.chip : undefined;

/** ArduinoOTA of all three families answers a wrong password with this sentence. That it is missing proves nothing:
 *  constants may be stored otherwise. */
const holdsOta = (bytes: Uint8Array): boolean => text(bytes).includes('Authentication Failed');
