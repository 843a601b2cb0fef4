namespace Voucher.Faults;

/// <summary>Where the run finds its programs and keeps its files; <c>scripts/faults</c> tells by environment.</summary>
/// <param name="Folder">Of this run alone; removed by the script afterwards.</param>
/// <param name="PostgresPrograms">Folder with <c>initdb</c> and <c>postgres</c>.</param>
/// <param name="RedisProgram"><c>redis-server</c>.</param>
/// <param name="ServiceAccount">User and group for services that refuse to run as root; <c>null</c> when this run is not root.</param>
/// <param name="Server">The built server, <c>….dll</c>.</param>
public sealed record RunSettings(string Folder, string PostgresPrograms, string RedisProgram, (int User, int Group)? ServiceAccount, string Server)
{
    public static RunSettings FromEnvironment() => new(
        Wanted("VOUCHER_FAULTS_FOLDER"), Wanted("VOUCHER_FAULTS_POSTGRES"), Wanted("VOUCHER_FAULTS_REDIS"),
        Environment.IsPrivilegedProcess ? (Number("VOUCHER_FAULTS_USER"), Number("VOUCHER_FAULTS_GROUP")) : null,
        BuiltPrograms.Server);

    public string PathTo(params ReadOnlySpan<string> parts) => Path.Combine([Folder, .. parts]);

    private static int Number(string name) => int.Parse(Wanted(name), CultureInfo.InvariantCulture);

    private static string Wanted(string name) =>
        Environment.GetEnvironmentVariable(name) ?? throw new InvalidOperationException($"{name} is not set: start this by scripts/faults.");
}
