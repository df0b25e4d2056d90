// A hub's data folder with devices and a token of each, written in one go.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { newDeviceToken, newId, newKey, sha256 } from '#hub/ids.ts';
import { openStore } from '#hub/store/open.ts';
import { openVault } from '#hub/vault.ts';

export async function seedHub(
  data: string,
  devices: number,
): Promise<{ readonly tokens: readonly string[]; readonly apiToken: string }> {
  mkdirSync(data, { recursive: true });
  const vault = openVault(join(data, 'key'));
  const { db, close } = await openStore(join(data, 'hub.db'));
  const tokens = Array.from({ length: devices }, newDeviceToken);
  const apiToken = newKey();
  const now = Date.now();
  await db.transaction().execute(async (step) => {
    for (const [i, token] of tokens.entries())
      await step
        .insertInto('devices')
        .values({
          id: newId(),
          name: `device ${i + 1}`,
          ways: '["blynk"]',
          tags: '[]',
          token_hash: sha256(token),
          token_sealed: vault.seal(token),
          created_at: now,
        })
        .execute();
    await step
      .insertInto('api_tokens')
      .values({ id: newId(), hash: sha256(apiToken), name: 'bench', scope: 'admin', created_at: now })
      .execute();
  });
  await close();
  return { tokens, apiToken };
}
