namespace JitAccess.Sandbox.Postgres;

/// <summary>Where a Postgres server comes from, in the order in which they are tried.</summary>
public enum PostgresKind
{
    /// <summary>The server named by the environment variable JITACCESS_POSTGRES.</summary>
    Configured,

    /// <summary>A container on the Docker engine that answers.</summary>
    Container,

    /// <summary>A private server started from binaries on this machine.</summary>
    LocalBinaries,
}
