namespace Voucher.Server.Accounts;

/// <summary>A person changes their own password.</summary>
public sealed class ChangePassword(AccountStore accounts, Reporting.LiveConnections live, TimeProvider clock)
{
    public const int ShortestPassword = 10;

    /// <summary>Returns the actor with the stamp of the new password, so that this session goes on while all others end.</summary>
    public async Task<Outcome<Actor>> ApplyAsync(Actor actor, string? current, string? wanted, string? again)
    {
        var known = await accounts.PasswordHashAsync(actor.Account);
        List<FieldError> errors = [];
        if (current is not { Length: > 0 and <= LogIn.LongestPassword } || !LogIn.IsPassword(known, current))
            errors.Add(new("current", new("现在的密码不对", "The present password is wrong")));
        if (ProblemOf(wanted) is { } problem)
            errors.Add(new("wanted", problem));
        else if (wanted == current)
            errors.Add(new("wanted", new("新密码不能与现在的相同", "The new password must differ from the present one")));
        if (again != wanted)
            errors.Add(new("again", new("两次输入的新密码不一致", "The two new passwords differ")));
        if (errors.Count > 0) return errors;

        var hash = LogIn.HashPassword(wanted!);
        await accounts.ChangePasswordAsync(actor.Account, hash, clock.GetUtcNow());
        await live.RightsChangedAsync();
        return actor with { Stamp = AccountStore.StampOf(hash) };
    }

    /// <summary>What is wrong with a password to be; <c>null</c> when nothing is.</summary>
    public static Words? ProblemOf(string? password) => password switch
    {
        { Length: >= ShortestPassword and <= LogIn.LongestPassword } => null,
        _ => new(
            $"密码应为{ShortestPassword}至{LogIn.LongestPassword}个字符",
            $"A password has {ShortestPassword} to {LogIn.LongestPassword} characters"),
    };
}
