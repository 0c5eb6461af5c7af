import { z } from 'zod';

/** A variable that holds JSON, parsed. `example`: for the message where it is none. */
export const jsonVariable = (example: string) =>
  z.string().transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue({ code: 'custom', message: `expected JSON such as ${example}` });
      return z.NEVER;
    }
  });
