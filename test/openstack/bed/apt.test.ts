import { describe, expect, it } from '@jest/globals';
import { chooseMirrors, proxyEnvironment } from './apt.js';

describe('chooseMirrors', () => {
  it('takes the Debian mirrors that apt uses, whatever else it uses', () => {
    const repositories = [
      'https://tools.example/apt/',
      'http://mirror.example/debian/',
      'http://mirror.example/debian-security',
    ];
    expect(chooseMirrors(repositories)).toEqual({
      debian: 'http://mirror.example/debian',
      security: 'http://mirror.example/debian-security',
    });
  });

  it.each([
    [['http://mirror.example/ubuntu/'], '/debian'],
    [['http://mirror.example/debian/'], '/debian-security'],
    [[], '/debian'],
  ])('refuses a machine whose apt uses only %j', (repositories, missing) => {
    expect(() => chooseMirrors(repositories)).toThrow(
      expect.objectContaining({ code: 'ERR_BED_UNSUPPORTED', message: expect.stringContaining(`ends in ${missing}.`) }),
    );
  });
});

describe('proxyEnvironment', () => {
  it("gives debootstrap the proxies of apt's configuration", () => {
    const settings =
      'Acquire "";\nAcquire::http::Proxy "http://proxy.example:3128";\nAcquire::https::Proxy "DIRECT";\n';
    expect(proxyEnvironment(settings)).toEqual({ http_proxy: 'http://proxy.example:3128' });
  });

  it('gives none where apt has none', () => {
    expect(proxyEnvironment('Acquire "";\nAcquire::Check-Date "false";\n')).toEqual({});
  });
});
