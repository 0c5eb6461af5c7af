// Loaded before the built server, by `--import`: answers the bench's one question.
import process from 'node:process';
import { requestTimes } from './request-times.mjs';

process.on('message', () => process.send?.(requestTimes()));
// A channel that is listened to would keep the process from ending.
process.channel?.unref();
