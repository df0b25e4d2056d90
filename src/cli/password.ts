/** whyota password: OTA passwords, kept 0600 in the user's config, never shown again. */
import { Secret } from '#values/index.ts';
import { done, type Ending, type Setting, usage } from './command.ts';
import { hostSecrets } from './host.ts';
import { readInput } from './input.ts';

export async function password(
  words: readonly string[],
  options: Record<string, unknown>,
  { desk }: Setting,
): Promise<Ending> {
  const [action, board] = words;
  const secrets = hostSecrets();
  switch (action) {
    case 'list': {
      const names = await secrets.names();
      for (const name of names) {
        desk.say(name);
        desk.event({ type: 'password', board: name });
      }
      if (!names.length) desk.note('no passwords are kept');
      return done;
    }
    case 'set': {
      if (!board) return usage('which board?', 'whyota password set <board>');
      const given = await givenPassword(options, desk.interactive ? `Password of ${board}` : undefined);
      if ('exit' in given) return given;
      if (!given.secret)
        return usage('no password was given', 'type it when asked, or give --password-file (- for standard input)');
      await secrets.set(board, given.secret);
      desk.note(`kept the password of ${board}`);
      return done;
    }
    case 'remove':
      if (!board) return usage('which board?', 'whyota password remove <board>');
      if (!(await secrets.remove(board)))
        return usage(`no password of ${board} is kept`, '`whyota password list` shows the boards');
      desk.note(`forgot the password of ${board}`);
      return done;
    default:
      return usage(`"${action}" is not something to do with a password`, 'use set, remove or list');
  }
}

/** The password that the words give: --password, --password-file, WHYOTA_PASSWORD, else a question where one can be asked. */
export async function givenPassword(
  options: Record<string, unknown>,
  question?: string,
): Promise<{ readonly secret: Secret | undefined } | Ending> {
  const { password, passwordFile } = options;
  if (typeof password === 'string') return { secret: new Secret(password) };
  if (typeof passwordFile === 'string') {
    const input = await readInput(passwordFile === '-' ? '/dev/stdin' : passwordFile);
    if ('exit' in input) return input;
    const [line = ''] = new TextDecoder().decode(input.bytes).split(/\r?\n/);
    return { secret: new Secret(line) };
  }
  const fromEnvironment = process.env['WHYOTA_PASSWORD'];
  if (fromEnvironment !== undefined) return { secret: new Secret(fromEnvironment) };
  return { secret: question ? await askPassword(question) : undefined };
}

export async function askPassword(question: string): Promise<Secret | undefined> {
  const { password: ask, isCancel } = await import('@clack/prompts');
  const answer = await ask({ message: question, mask: '*' });
  return isCancel(answer) || typeof answer !== 'string' ? undefined : new Secret(answer);
}
