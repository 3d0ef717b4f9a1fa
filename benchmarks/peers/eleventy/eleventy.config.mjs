// Chats, revision 0: each heading of level 3 opens a message.
import syntaxHighlight from "@11ty/eleventy-plugin-syntaxhighlight";

const OPEN = '</div></article><article class="message"><header><h3>';
const CLOSE = '</h3></header><div class="body">';

export default function (config) {
  config.addPlugin(syntaxHighlight);
  config.setUseGitIgnore(false);
  config.amendLibrary("md", (md) => {
    md.set({ html: false });
    const rules = md.renderer.rules;
    const plain = (tokens, index, options, env, self) => self.renderToken(tokens, index, options);
    rules.heading_open = (tokens, index, ...rest) =>
      tokens[index].tag === "h3" ? OPEN : plain(tokens, index, ...rest);
    rules.heading_close = (tokens, index, ...rest) =>
      tokens[index].tag === "h3" ? CLOSE : plain(tokens, index, ...rest);
  });
  config.addPassthroughCopy("style.css");
  return {
    markdownTemplateEngine: false,
    dir: { input: "content", output: "output", includes: "_includes" },
  };
}
