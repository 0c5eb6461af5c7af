import type { Folder } from './folder.js';
import { merchantVariables } from './merchants.js';
import type { Part } from './settings.js';

export interface ServerPlace {
  readonly folder: Folder;
  readonly urls: Readonly<Record<Part, string>>;
  readonly host: string;
  readonly port: number;
}

/** The variables of the demo's server: the sandbox in the providers' place, the merchants, one file. */
export const serverEnvironment = ({ folder, urls, host, port }: ServerPlace): Record<string, string> => ({
  ...folder.secrets,
  ...merchantVariables,
  PUBLIC_URL: urls.server,
  HOST: host,
  PORT: String(port),
  STORE_FILE: folder.storeFile,
  MERCHANTS_FILE: folder.merchantsFile,
  TOSS_API_BASE: `${urls.sandbox}/toss`,
  TOSS_SCRIPT: `${urls.sandbox}/toss/v2/standard`,
  PORTONE_API_BASE: `${urls.sandbox}/portone-v2`,
  PORTONE_SCRIPT: `${urls.sandbox}/portone-v2/v2/browser-sdk.js`,
  PORTONE_V1_API_BASE: `${urls.sandbox}/portone-v1`,
  PORTONE_V1_SCRIPT: `${urls.sandbox}/portone-v1/v1/iamport.js`,
  LOG_LEVEL: 'warn',
});
