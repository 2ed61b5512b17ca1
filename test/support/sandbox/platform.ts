import { requireBearer } from './challenge';
import type { Exchange } from './exchange';
import { escapeHtml, htmlPage } from './html';
import { takesToken } from './rest/access';
import type { Context, Routes } from './routes';

/** The parts of an instance besides its APIs: a page for users, and one resource that needs a token. */
export const platform: Routes = {
  '/': { GET: showInstance },
  '/api/v1/me': { GET: showMe },
};

function showInstance(exchange: Exchange, { instance }: Context): void {
  exchange.html(
    200,
    htmlPage(
      instance.name,
      `<p>This is the ZeyOS instance <strong>${escapeHtml(instance.name)}</strong> in the sandbox.</p>`,
    ),
  );
}

function showMe(exchange: Exchange, context: Context): void {
  const token = requireBearer(exchange, context);
  if (token && takesToken(exchange, context, token)) {
    const user = context.instance.users.find(({ name }) => name === token.user);
    exchange.json(200, { instance: token.instance, username: token.user, sub: user?.sub });
  }
}
