import type { Http, HttpAnswer } from '#machine/index.ts';

/** Asks a web server once, without redirects. Undefined: no answer in time, too large an answer, or no server. */
export const http: Http = {
  async request(url, { method = 'GET', headers, body, timeout, maxBytes }) {
    const protocol = URL.canParse(url) ? new URL(url).protocol : '';
    if (protocol !== 'http:' && protocol !== 'https:') return undefined;
    // Loaded when used: TLS is the slowest part of a program's start.
    const { request } = await (protocol === 'https:' ? import('node:https') : import('node:http'));

    return new Promise((resolve) => {
      const asked = request(url, {
        method,
        agent: false,
        headers: { ...headers, ...(body && { 'content-length': String(body.length) }) },
      });
      const end = (answer?: HttpAnswer): void => {
        clearTimeout(timer);
        resolve(answer);
        asked.destroy();
      };
      const timer = setTimeout(() => end(), timeout);
      asked.on('error', () => end());
      asked.on('response', (response) => {
        const parts: Buffer[] = [];
        let size = 0;
        response.on('data', (part: Buffer) => {
          size += part.length;
          if (size > maxBytes) end();
          else parts.push(part);
        });
        response.on('error', () => end());
        response.on('end', () =>
          end({
            status: response.statusCode ?? 0,
            headers: Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name, String(value)])),
            body: new Uint8Array(Buffer.concat(parts)),
          }),
        );
      });
      asked.end(body);
    });
  },
};
