using System.Collections.Concurrent;
using Microsoft.AspNetCore.Identity;
using Voucher.Server.Api;

namespace Voucher.Server.Accounts;

/// <summary>Checks a name and password. Ten failures of one log-in within fifteen minutes close it for the rest of them.</summary>
public sealed partial class LogIn(AccountStore accounts, TimeProvider clock, ILogger<LogIn> log)
{
    public const int MostFailures = 10;
    public static readonly TimeSpan FailureWindow = TimeSpan.FromMinutes(15);
    public const int LongestPassword = 128;
    public const int LongestName = 32;

    private static readonly PasswordHasher<string> Hasher = new();
    private static readonly string NobodysHash = HashPassword(Guid.NewGuid().ToString());
    private readonly ConcurrentDictionary<string, (DateTimeOffset Since, int Count)> _failures = new();

    public static string HashPassword(string password) => Hasher.HashPassword("", password);

    public static bool IsPassword(string hash, string password) =>
        Hasher.VerifyHashedPassword("", hash, password) != PasswordVerificationResult.Failed;

    public async Task<Outcome<Actor>> TryAsync(string? login, string? password)
    {
        List<FieldError> errors = [];
        if (string.IsNullOrWhiteSpace(login) || login.Length > LongestName || !FieldReader.IsReadable(login)) errors.Add(new("login", new($"请输入用户名（最多{LongestName}个字符）", $"Give the user name, at most {LongestName} characters")));
        if (string.IsNullOrEmpty(password) || password.Length > LongestPassword) errors.Add(new("password", new($"请输入密码（最多{LongestPassword}个字符）", $"Give the password, at most {LongestPassword} characters")));
        if (errors.Count > 0) return errors;

        var name = login!.Trim().ToLowerInvariant();
        if (IsClosed(name)) return WrongPassword(new("失败次数过多，请15分钟后再试", "Too many failures; try again in 15 minutes"));
        var found = await accounts.FindAsync(name);
        // An unknown name costs the same time as a wrong password, so that names cannot be told from timing.
        var matches = IsPassword(found?.Account.PasswordHash ?? NobodysHash, password!);
        if (!matches || found is not { Account.IsActive: true } known)
        {
            CountFailure(name);
            LogFailed();
            return WrongPassword(new("用户名或密码不对", "Wrong user name or password"));
        }
        _failures.TryRemove(name, out _);
        if (RoleRules.ProblemOfPerson(await accounts.RolesOfPersonAsync(known.Actor.Staff)) is not null)
        {
            LogMixed(known.Account.Id);
            return new List<FieldError> { new("login", MixedRoles) };
        }
        LogDone(known.Account.Id);
        return known.Actor;
    }

    /// <summary>Said only to who knows the password. The rule is younger than some log-ins; who watches decides nothing meanwhile.</summary>
    private static readonly Words MixedRoles = new(
        "您的账号（各账号合计）同时担任审计或运维与其他岗位，不能登录。请由另一位审批人或运维在“人员与账号”收回其中一方的岗位；没有人能登录时，在服务器上用 account close 停用多出的账号",
        "Your log-ins together hold auditor or operator and another role, which do not go together. Another approver or operator takes one side away under “People and log-ins”; where nobody can log in, close the log-in that is too much with account close on the server");

    private static List<FieldError> WrongPassword(Words problem) => [new("password", problem)];

    private bool IsClosed(string name) =>
        _failures.TryGetValue(name, out var failure)
        && failure.Count >= MostFailures
        && clock.GetUtcNow() - failure.Since < FailureWindow;

    private void CountFailure(string name)
    {
        var now = clock.GetUtcNow();
        if (_failures.Count > 100_000) _failures.Clear(); // A flood of made-up names must not fill the memory.
        _failures.AddOrUpdate(name, (now, 1), (_, old) => now - old.Since < FailureWindow ? (old.Since, old.Count + 1) : (now, 1));
    }

    [LoggerMessage(2001, LogLevel.Information, "Account {Account} logged in")]
    private partial void LogDone(AccountId account);

    [LoggerMessage(2003, LogLevel.Warning, "Account {Account} was refused: its person holds roles that do not go together")]
    private partial void LogMixed(AccountId account);

    [LoggerMessage(2002, LogLevel.Warning, "A log-in failed")]
    private partial void LogFailed();
}
