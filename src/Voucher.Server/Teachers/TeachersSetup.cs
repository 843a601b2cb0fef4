namespace Voucher.Server.Teachers;

public static class TeachersSetup
{
    /// <summary>The pool of teachers and who teaches which session.</summary>
    public static void AddTeachers(this IServiceCollection services) =>
        services.AddSingleton<TeacherStore>().AddSingleton<SaveTeacher>().AddSingleton<RevealPhone>()
            .AddSingleton<AssignmentStore>().AddSingleton<AssignTeacher>();

    public static void MapTeachers(this WebApplication app) => TeacherEndpoints.Map(app);
}
