import { notifications } from '@mantine/notifications';

/** Tell of an error: what failed, why, and the remedy its class carries. */
export function notifyError(title: string, error: unknown): void {
  const { message, remedy } = error as Error & { remedy?: string };
  const text = remedy && !message.includes(remedy) ? `${message} ${remedy}` : message;
  notifications.show({ title, message: text, color: 'red', autoClose: 12_000 });
}

/** Tell of something done; a longer text stays longer. */
export function notifyDone(message: string): void {
  notifications.show({ message, color: 'plum', autoClose: Math.max(4_000, 60 * message.length) });
}

/** Tell of something that stays until it is closed, because it would be missed otherwise. */
export function notifyNote(title: string, message: string): void {
  notifications.show({ title, message, color: 'yellow', autoClose: false });
}
