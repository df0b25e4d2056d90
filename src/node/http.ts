import { request as plain } from 'node:http';
import { request as secure } from 'node:https';
import type { Http } from '#machine/index.ts';

/** Asks a web server once, without redirects. Undefined: no answer in time, too large an answer, or no server. */
export const http: Http = {
  request: (url, { method = 'GET', headers, body, timeout, maxBytes }) =>
    new Promise((resolve) => {
      if (!URL.canParse(url)) return resolve(undefined);
      const { protocol } = new URL(url);
      if (protocol !== 'http:' && protocol !== 'https:') return resolve(undefined);

      const asked = (protocol === 'https:' ? secure : plain)(url, {
        method,
        agent: false,
        headers: { ...headers, ...(body && { 'content-length': String(body.length) }) },
      });
      const end = (answer?: Awaited<ReturnType<Http['request']>>): void => {
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
    }),
};
