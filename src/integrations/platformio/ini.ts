/** One project's platformio.ini: `upload_command` beside `upload_protocol = espota`, which keeps the flags, the automatic -i and
 *  uploadfs (platformio-core builder/main.py: UPLOADCMD is replaced after the platform's script, whatever the protocol). */

const mark = '; by whyota';

export type IniChange =
  | { readonly text: string; readonly environments: readonly string[] }
  | { readonly taken: string };

/** Puts `command` into each [env:…] that uploads by espota. `taken`: one of them has an upload_command of its own. */
export function putUploadCommand(ini: string, command: string): IniChange {
  const text = takeUploadCommand(ini);
  const end = text.includes('\r\n') ? '\r\n' : '\n';
  const environments: string[] = [];
  const sections = text.split(/(?=^\[)/m);
  for (const [at, section] of sections.entries()) {
    const name = /^\[(env(?::[^\]]*)?)\]/.exec(section)?.[1];
    const line = /^upload_protocol[ \t]*=[ \t]*espota[ \t]*(?:[;#].*)?(\r?\n|$)/m.exec(section);
    if (name === undefined || !line) continue;
    if (/^upload_command[ \t]*=/m.test(section)) return { taken: name };
    environments.push(name);
    const after = line.index + line[0].length;
    const ended = line[1] === '' ? end : '';
    sections[at] =
      `${section.slice(0, after)}${ended}upload_command = ${command} ${mark}${ended === '' ? end : ''}${section.slice(after)}`;
  }
  return { text: sections.join(''), environments };
}

/** Takes our lines away again; the rest stays as it is. */
export const takeUploadCommand = (ini: string): string =>
  ini.replace(/(\r?\n)upload_command = .* ; by whyota$(?!\r?\n)|^upload_command = .* ; by whyota\r?\n/gm, '');
