/** Whatever somebody's shell says, what is built is what officers use. */

process.env["NODE_ENV"] = "production";
