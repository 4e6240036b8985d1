/** Attributes of every HTML element that Vue's types have only for some. */

import "vue";

declare module "@vue/runtime-dom" {
  interface HTMLAttributes {
    autofocus?: boolean | undefined;
  }
}
