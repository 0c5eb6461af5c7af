/** How to start a Chromium: for playwright's `launch`. `from` says where it was found. */
export interface Browser {
  readonly executablePath: string;
  readonly args: string[];
  readonly env: NodeJS.ProcessEnv;
  readonly from: string;
}

export const args: string[];

/** `bundled`: the one inside the npm package, whatever else the machine has. Throws where there is none. */
export function findBrowser(prefer?: string): Promise<Browser>;
