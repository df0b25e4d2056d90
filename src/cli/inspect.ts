/** whyota inspect: what a file is, for which chip, and where it can update itself. */
import {
  type Application,
  type BoardFacts,
  drawFlash,
  fit,
  flashMap,
  type Identified,
  identify,
  layoutOf,
  layouts,
  schemeOf,
  schemes,
} from '#firmware/index.ts';
import { formatBytes, formatNumber, md5Hex, sectors } from '#values/index.ts';
import { done, type Ending, type Setting, usage } from './command.ts';
import { type Desk, plain } from './desk.ts';
import { readInput } from './input.ts';

export async function inspect(
  [path = '']: readonly string[],
  options: Record<string, unknown>,
  { desk }: Setting,
): Promise<Ending> {
  const input = await readInput(path);
  if ('exit' in input) return input;
  const image = identify(input.bytes, input.name);
  const app = image.kind === 'gzip' ? image.inside : image;
  const board = boardOf(app, options);
  if (typeof options['layout'] === 'string' && !knownLayout(board))
    return usage(`there is no layout ${options['layout']}`, `known are: ${layoutIds(board).join(', ')}`);

  desk.say(`${desk.paint('bold', input.name)}: ${image.what}`);
  desk.say(
    `  ${formatNumber(input.bytes.length)} bytes, ${sectors(input.bytes.length)} sectors of 4,096; MD5 ${md5Hex(input.bytes)}`,
  );
  for (const line of about(app)) desk.say(`  ${line}`);
  desk.event({
    type: 'file',
    name: input.name,
    bytes: input.bytes.length,
    md5: md5Hex(input.bytes),
    kind: image.kind,
    ...asJson(image),
  });
  for (const warning of image.warnings) desk.warn(warning);

  if (image.kind === 'wrong') return { exit: 3, problem: image.problem };
  if (image.kind !== 'filesystem') showLayouts(desk, image, board);
  const drawn = board.layout ? board : { ...board, layout: usualLayout(app) };
  const map = drawn.layout ? flashMap(image, drawn) : undefined;
  if (map) {
    desk.say();
    desk.say(`flash with layout ${drawn.layout}${board.layout ? '' : ' (another: --layout)'}:`);
    for (const line of drawFlash(map, { width: Math.min(desk.width, 78) })) desk.say(`  ${line}`);
    desk.event({ type: 'flash', layout: drawn.layout, flashBytes: map.flashBytes, areas: map.areas });
  }
  return done;
}

/** The board that this file would run on, as far as the file and the words tell. */
function boardOf(app: Identified, options: Record<string, unknown>): BoardFacts {
  const core = typeof options['core'] === 'string' ? options['core'].replace(/^\w+@/, '') : undefined;
  const layout = typeof options['layout'] === 'string' ? options['layout'] : undefined;
  const running = typeof options['running'] === 'number' ? options['running'] : undefined;
  const given = { ...(layout ? { layout } : {}), ...(running ? { runningBytes: running } : {}) };
  switch (app.kind) {
    case 'esp8266-app': {
      const own = core ?? app.image.coreHint ?? app.image.ebootCores?.split('-')[0];
      return { family: 'esp8266', ...(own ? { core: own } : {}), ...given };
    }
    case 'esp32-app':
      return { family: 'esp32', chip: app.image.chip, ...(core ? { core } : {}), ...given };
    case 'rp2040-app':
      return { family: 'rp2040', chip: app.image.chip, ...given };
    default:
      return given;
  }
}

const knownLayout = ({ family, layout = '', core }: BoardFacts): boolean =>
  family === 'esp32' ? schemeOf(layout) !== undefined : layoutOf(layout, core) !== undefined;
const layoutIds = ({ family, core }: BoardFacts): readonly string[] =>
  family === 'esp32' ? schemes() : layouts(core).map(({ id }) => id);

/** The layout to draw when none is named: the most met one of the chip's size that the header declares. */
function usualLayout(app: Identified): string | undefined {
  if (app.kind === 'esp32-app') return 'default';
  if (app.kind !== 'esp8266-app') return undefined;
  const usual: Record<number, string> = { 524288: '512K64', 1048576: '1M64', 2097152: '2M1M', 4194304: '4M2M' };
  return usual[app.image.flashBytes ?? 0];
}

function about(app: Identified): readonly string[] {
  const { build } = app;
  const lines = build === undefined ? [] : [`build ${build}`];
  switch (app.kind) {
    case 'esp8266-app': {
      const { image } = app;
      const cores = image.ebootCores ? `boot loader of core ${image.ebootCores}` : 'an unknown boot loader';
      lines.push(`${cores}${image.inflates ? ', which can inflate gzip' : ''}`);
      lines.push(
        `flash mode ${image.flashMode.toUpperCase()}, ${image.flashMhz ?? '?'} MHz, built for ${image.flashBytes ? formatBytes(image.flashBytes) : 'an unknown size'} of flash`,
      );
      break;
    }
    case 'esp32-app':
      lines.push(
        `chip ${app.image.chip}, built for ${app.image.flashBytes ? formatBytes(app.image.flashBytes) : 'an unknown size'} of flash`,
      );
      if (app.image.descriptor) lines.push(`ESP-IDF ${app.image.descriptor.idf}, built ${app.image.descriptor.built}`);
      break;
    case 'rp2040-app':
      lines.push(`chip ${app.image.chip}`);
      break;
    case 'filesystem':
      lines.push(`${app.format}, blocks of ${app.blockBytes ?? '?'} bytes`);
      break;
    default:
  }
  if ('signature' in app && app.signature)
    lines.push(`signed (${app.signature.form}, ${app.signature.bytes} bytes behind the image)`);
  return lines;
}

/** Where this file can replace another of its own size. */
function showLayouts(desk: Desk, image: Identified, board: BoardFacts): void {
  if (!board.family || board.family === 'rp2040') return;
  desk.say();
  desk.say(`updates itself over the air${board.core ? `, by the layouts of core ${board.core}` : ''}:`);
  const fitting: string[] = [];
  for (const id of layoutIds(board)) {
    const { verdict, because, limit } = fit(image, { ...board, layout: id });
    desk.event({ type: 'layout', id, verdict, because, ...(limit ? { limit: limit.bytes } : {}) });
    if (verdict === 'fits') fitting.push(id);
    else desk.detail(`${id}: ${because}`);
  }
  const others = layoutIds(board).filter((id) => !fitting.includes(id));
  desk.say(`  ${desk.paint('green', 'yes')}  ${fitting.join(', ') || 'nowhere'}`);
  if (others.length) desk.say(`  ${desk.paint('red', 'no ')}  ${others.join(', ')}`);
}

function asJson(image: Identified): Record<string, unknown> {
  const base = { what: image.what, ...(image.build === undefined ? {} : { build: image.build }) };
  switch (image.kind) {
    case 'gzip':
      return {
        ...base,
        inflatedBytes: image.inflatedBytes,
        inside: { kind: image.inside.kind, ...asJson(image.inside) },
      };
    case 'wrong':
      return { ...base, is: image.is, ...plain(image.problem) };
    case 'filesystem':
      return { ...base, format: image.format };
    default:
      return { ...base, ...appJson(image) };
  }
}

function appJson(app: Application): Record<string, unknown> {
  const signed = app.signature ? { signed: app.signature.form } : {};
  switch (app.kind) {
    case 'esp8266-app': {
      const { flashMode, flashBytes, flashMhz, ebootCores, coreHint, inflates } = app.image;
      return { chip: 'esp8266', flashMode, flashBytes, flashMhz, ebootCores, core: coreHint, inflates, ...signed };
    }
    case 'esp32-app': {
      const { chip, flashMode, flashBytes, descriptor } = app.image;
      return { chip, flashMode, flashBytes, ...(descriptor ? { idf: descriptor.idf } : {}), ...signed };
    }
    case 'rp2040-app':
      return { chip: app.image.chip, ...signed };
  }
}
