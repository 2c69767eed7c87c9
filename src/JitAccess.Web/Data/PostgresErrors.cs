using System.Data.Common;
using System.Net.Sockets;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace JitAccess.Web.Data;

/// <summary>What Postgres's errors mean to us.</summary>
internal static class PostgresErrors
{
    /// <summary>Whether a save failed because a unique index, the last word on "only one", stood against it.</summary>
    public static bool Violates(this DbUpdateException exception, string index) =>
        exception.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } error && error.ConstraintName == index;

    /// <summary>Whether somebody else changed the same thing at the same instant, so that reading again and trying again is right.</summary>
    public static bool IsCollision(this Exception? exception) => exception switch
    {
        DbUpdateConcurrencyException => true,
        PostgresException { SqlState: PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.DeadlockDetected } => true,
        // EF's own wrapping, twice around what it takes to be transient.
        DbUpdateException or InvalidOperationException => exception.InnerException.IsCollision(),
        _ => false,
    };

    /// <summary>Whether the database did not answer, or not as it should: somewhere inside what the libraries wrap around it.</summary>
    public static bool IsFromDatabase(this Exception? exception) => exception switch
    {
        null => false,
        DbException or SocketException or TimeoutException => true,
        _ => exception.InnerException.IsFromDatabase(),
    };
}
