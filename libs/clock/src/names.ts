/** `127.0.0.5:4123` is a connection from 127.0.0.5. */
export function addressOf(connection: string): string {
  return connection.slice(0, connection.lastIndexOf(':'));
}

/** `psn-1#2` is an incarnation of `psn-1`. */
export function nameOf(incarnation: string): string {
  return incarnation.slice(0, incarnation.lastIndexOf('#'));
}
