/// What lies in `deploy/`, as far as it can be checked without a Docker engine; with one, `dev.rumor.containers` uses
/// it.
package dev.rumor.deploy;
