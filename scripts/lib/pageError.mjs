/** What an error of `page.evaluate` says, without the name of the call and of its class, and without the page's stack. */
export function pageMessage(error) {
  return error.message.replace(/^page\.evaluate: (\w*Error: )?/, '').split('\n')[0];
}
