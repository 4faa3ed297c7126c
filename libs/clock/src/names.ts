/** `127.0.0.5:4123` is a connection from 127.0.0.5. */
export function addressOf(connection: string): string {
  return connection.slice(0, connection.lastIndexOf(':'));
}
