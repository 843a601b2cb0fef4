namespace Voucher.Server.Database;

/// <summary>
/// The database with the rights of its owner, as the log-in has them: for migrations only. Everything else works as
/// <see cref="Role"/>, which may read and add, and change only what is no history; best by a log-in of its own (<see cref="ServerLogIn"/>).
/// </summary>
public sealed class OwnerDatabase(ServerSettings settings) : IAsyncDisposable
{
    /// <summary>The role that the program works as; made by the migrations.</summary>
    public const string Role = "voucher_app";

    /// <summary>Sessions that migrate call themselves so in meters and spans.</summary>
    private const string Name = $"{ServerComposition.DataSourceName}-owner";

    public NpgsqlDataSource Source { get; } = new NpgsqlDataSourceBuilder(settings.OwnerPostgres) { Name = Name }.Build();

    public ValueTask DisposeAsync() => Source.DisposeAsync();

    /// <summary>The connection string by which sessions take the role at their start, and keep it when they are returned to the pool.</summary>
    public static string AsProgram(string postgres)
    {
        var text = new NpgsqlConnectionStringBuilder(postgres);
        text.Options = string.IsNullOrEmpty(text.Options) ? $"-c role={Role}" : $"{text.Options} -c role={Role}";
        return text.ConnectionString;
    }

    /// <summary>What is wrong, and what to do, where the database does not let the program work as the role; <c>null</c>: another fault.</summary>
    public static string? Explain(PostgresException fault) => fault.SqlState switch
    {
        PostgresErrorCodes.InvalidParameterValue or PostgresErrorCodes.UndefinedObject or PostgresErrorCodes.InvalidAuthorizationSpecification
            when fault.MessageText.Contains(Role, StringComparison.Ordinal) =>
            $"The database has no role {Role} (a copy of a database brings no roles along): as its owner, run `create role {Role} nologin` and what docs/operating.md says of the rights.",
        PostgresErrorCodes.InsufficientPrivilege when fault.MessageText.Contains(Role, StringComparison.Ordinal) =>
            $"The log-in may not work as {Role}: as a superuser, run `grant {Role} to LOGIN`.",
        _ => null,
    };
}
