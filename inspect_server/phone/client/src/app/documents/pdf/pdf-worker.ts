/** The worker in which pages are read, as a file of its own: the page's policy allows no other. */

import "pdfjs-dist/legacy/build/pdf.worker.min.mjs";
