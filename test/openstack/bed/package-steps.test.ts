import { describe, expect, it } from '@jest/globals';
import { lastStepOfDebootstrap, packagesSoFar } from './package-steps.js';

describe('what is told while the Debian tree is made', () => {
  it('is the last step of debootstrap', () => {
    expect(lastStepOfDebootstrap('')).toBe('debootstrap: starting');
    const output =
      'I: Retrieving InRelease \nW: no key\nI: Extracting libc6...\nSelecting previously unselected package\n';
    expect(lastStepOfDebootstrap(output)).toBe('debootstrap: Extracting libc6...');
  });

  it('is how many packages apt-get has downloaded, unpacked and set up, of how many', () => {
    const choosing = 'Reading package lists...\nBuilding dependency tree...\n';
    expect(packagesSoFar(choosing)).toBe('apt-get chooses packages');
    const downloading = `${choosing}4 upgraded, 478 newly installed, 0 to remove and 0 not upgraded.
Get:1 http://mirror.example/debian trixie/main amd64 libexpat1 amd64 2.7.1-2 [108 kB]
Get:2 http://mirror.example/debian trixie/main amd64 haproxy amd64 3.0.11-1 [2,456 kB]
`;
    expect(packagesSoFar(downloading)).toBe('of 482 packages 2 are downloaded, 0 unpacked, 0 set up');
    const unpacking = `${downloading}Preparing to unpack .../libexpat1_2.7.1-2_amd64.deb ...
Unpacking libexpat1:amd64 (2.7.1-2) ...
Preparing to unpack .../haproxy_3.0.11-1_amd64.deb ...
Unpacking haproxy (3.0.11-1) ...
Setting up libexpat1:amd64 (2.7.1-2) ...
`;
    expect(packagesSoFar(unpacking)).toBe('of 482 packages 2 are downloaded, 2 unpacked, 1 set up');
  });
});
