/** What makes WhyOTA the network uploader of a core: lines for its platform.local.txt and boards.local.txt, read off its own
 *  platform.txt and boards.txt.
 *  - A tool with `upload.network_pattern` gets another one. That is all that esp8266 needs (a legacy platform: a `pluggable_*` key
 *    there would switch off arduino-cli's conversion, and with it every upload), and what IDE 1.8 reads in all cores.
 *  - Where boards name a network tool (arduino-esp32 2 and later: esp_ota; arduino-pico: uf2conv-network), they are given a new one
 *    that asks for no password. Sources: arduino-cli loader.go, service_upload.go; IDE 1.8 GenericNetworkUploader.java. */

export interface Recipes {
  readonly platform: readonly string[];
  readonly boards: readonly string[];
}

/** `command`: the words that start WhyOTA, quoted. Undefined: the core has no espota. */
export function recipesFor(platformTxt: string, boardsTxt: string, command: string): Recipes | undefined {
  const keys = properties(platformTxt);
  if (![...keys.values()].some((value) => value.includes('espota'))) return undefined;
  const legacyTools = [...keys.keys()].flatMap(
    (key) => /^tools\.([^.]+)\.upload\.network_pattern(?:\.(?:linux|windows|macosx))?$/.exec(key)?.[1] ?? [],
  );
  const networkTools = [...keys].flatMap(([key, value]) => {
    const tool = /^tools\.([^.]+)\.(?:cmd|upload\.pattern)/.exec(key)?.[1];
    return tool && (value.includes('espota') || value.includes('{upload.field.password}')) ? [tool] : [];
  });
  const boards = [...properties(boardsTxt)].flatMap(([key, value]) =>
    key.endsWith('.upload.tool.network') && networkTools.includes(value) ? [`${key}=whyota`] : [],
  );
  const common = `espota "--core-espota={runtime.platform.path}/tools/espota"`;
  const file = '-f "{build.path}/{build.project_name}.bin"';
  const platform = [
    ...[...new Set(legacyTools)].map(
      (tool) => `tools.${tool}.upload.network_pattern=${command} ${common} -i {serial.port} -p {network.port} ${file}`,
    ),
    ...(boards.length === 0
      ? []
      : [
          'tools.whyota.upload.protocol=network',
          'tools.whyota.upload.params.verbose=',
          'tools.whyota.upload.params.quiet=',
          `tools.whyota.upload.pattern=${command} ${common} -i {upload.port.address} -p {upload.port.properties.port} ${file}`,
        ]),
  ];
  return platform.length === 0 ? undefined : { platform, boards };
}

/** Keys that somebody else's local file sets and our lines would override. */
export function foreignKeys(local: string, lines: readonly string[]): readonly string[] {
  const ours = new Set(properties(lines.join('\n')).keys());
  return [...properties(local).keys()].filter((key) => ours.has(key));
}

/** `key=value` lines, the last of a key counting. */
export const properties = (text: string): ReadonlyMap<string, string> =>
  new Map(
    text.split(/\r?\n/).flatMap((line) => {
      const at = line.indexOf('=');
      return at > 0 && !line.trimStart().startsWith('#') ? [[line.slice(0, at).trim(), line.slice(at + 1).trim()]] : [];
    }),
  );

/** A pluggable discovery in a platform of its own (`{user}/hardware/whyota/net`): no core is touched for it. */
export const discoveryPlatform = (command: string, version: string): Readonly<Record<string, string>> => ({
  'platform.txt': [
    '# Made by `whyota install arduino`; `whyota uninstall arduino` takes it away.',
    'name=WhyOTA network ports',
    `version=${version}`,
    `pluggable_discovery.whyota.pattern=${command} discovery`,
    '',
  ].join('\n'),
  'boards.txt': '# No boards: this platform only finds network ports.\n',
});
